---------------------------------- MODULE MC ----------------------------------
(* Bounds for PaxosLog; models.txt says which run uses which. *)
EXTENDS PaxosLog, TLC
CONSTANTS n1, n2, n3, n4

Three == {n1, n2, n3}
Four  == {n1, n2, n3, n4}
Nobody == {}

M(members, prepare, accept, limit) == [members |-> members, prepare |-> prepare, accept |-> accept, limit |-> limit]

Window1 == <<M(Three, 2, 2, 1)>>
Window2 == <<M(Three, 2, 2, 2)>>
Window3 == <<M(Three, 2, 2, 3)>>
ReadAll  == <<M(Three, 3, 1, 1)>>
WriteAll == <<M(Three, 1, 3, 1)>>
TooSmall == <<M(Three, 1, 2, 1)>>

AllAlike == Permutations(Three)
===============================================================================
