-------------------------------- MODULE ReadsMC --------------------------------
(* Bounds for Reads. *)
EXTENDS Reads
CONSTANTS n1, n2, n3, n4

Three == {n1, n2, n3}
Four  == {n1, n2, n3, n4}

TwoBallots == <<n1, n2>>
ThreeBallots == <<n1, n2, n3>>
OwnersOfThree == <<n1, n3>>
OneOwner     == <<n1, n1>>

Fixed        == <<[set |-> Three, q1 |-> 2, q2 |-> 2]>>
Flexible     == <<[set |-> Three, q1 |-> 3, q2 |-> 1]>>
FlexibleWide == <<[set |-> Three, q1 |-> 1, q2 |-> 3]>>

\* two nodes hand over to one that is new
HandOver == <<[set |-> {n1, n2}, q1 |-> 1, q2 |-> 2], [set |-> {n3}, q1 |-> 1, q2 |-> 1]>>
\* to a set that shares nothing
Move     == <<[set |-> {n1, n2}, q1 |-> 2, q2 |-> 1], [set |-> {n3, n4}, q1 |-> 1, q2 |-> 2]>>
\* one node stays; other quorum sizes
Change   == <<[set |-> {n1, n2}, q1 |-> 2, q2 |-> 1], [set |-> {n2, n3}, q1 |-> 1, q2 |-> 2]>>

\* narrows the search for a counterexample: the second ballot begins when all is acknowledged, the read when that leads
SecondComesLate == /\ leader[2].phase # "idle" => acked = NumSlots
                   /\ read.phase # "none" => leader[2].phase = "lead"
===============================================================================
