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
ReadAll  == <<M(Three, 3, 1, 1)>>
WriteAll == <<M(Three, 1, 3, 1)>>
(* Nothing but its own entry comes before the first membership that has identities. *)
Genesis  == <<M(Three, 3, 3, 1), M(Three, 2, 2, 2)>>
TooSmall == <<M(Three, 1, 2, 1)>>

(* Changes of membership. *)
AnyBallot == Ballots
One    == {2}
Both   == {2, 3}
First  == {1}
SecondOnly == {2}

HandOver     == <<M({n1, n2}, 1, 2, 1), M({n3}, 1, 1, 1)>>
HandOver2    == <<M({n1, n2}, 1, 2, 2), M({n3}, 1, 1, 2)>>
Change       == <<M(Three, 2, 2, 1), M({n2, n4}, 2, 1, 1)>>
Resize       == <<M(Three, 1, 3, 1), M(Three, 3, 1, 1)>>
(* From three to each set of four there is, up to names. *)
ToFour       == <<M(Three, 2, 2, 1), M({n1, n2, n3, n4}, 3, 3, 1)>>
ToOneMore    == <<M(Three, 2, 2, 1), M({n1, n2, n4}, 2, 2, 1)>>
ToOneAndNew  == <<M(Three, 2, 2, 1), M({n1, n4}, 2, 2, 1)>>
ToNew        == <<M(Three, 2, 2, 1), M({n4}, 1, 1, 1)>>
ToTwoOfThree == <<M(Three, 2, 2, 1), M({n1, n2}, 2, 2, 1)>>
ToOneOfThree == <<M(Three, 2, 2, 1), M({n1}, 1, 1, 1)>>
RaiseOfTwo   == <<M({n1, n2}, 1, 2, 1), M({n1, n2}, 1, 2, 2)>>
TwiceWithLimits == <<M(Three, 2, 2, 2), M({n2, n4}, 2, 1, 1), M({n1, n2, n4}, 2, 2, 2)>>
ToTwo        == <<M({n1}, 1, 1, 1), M({n2, n3}, 1, 2, 1)>>
TwiceWithTwo == <<M(Three, 2, 2, 2), M({n2, n3, n4}, 2, 2, 1), M({n1, n2, n4}, 1, 3, 2)>>
OneOfThree   == <<M(Three, 2, 2, 1), M({n2, n3, n4}, 2, 2, 1)>>
Moves        == <<M({n1}, 1, 1, 1), M({n2}, 1, 1, 1), M({n3}, 1, 1, 1)>>
OneStays     == <<M({n1, n2}, 1, 2, 1), M({n2, n3}, 1, 2, 1)>>
OneStays2    == <<M({n1, n2}, 1, 2, 2), M({n2, n3}, 1, 2, 2)>>
Twice        == <<M({n1, n2}, 1, 2, 1), M({n3}, 1, 1, 1), M({n1, n2}, 2, 1, 1)>>
TwiceInTwo   == <<M({n1, n2}, 1, 2, 2), M({n3}, 1, 1, 2), M({n1, n2}, 2, 1, 2)>>

AllAlike == Permutations(Three)
FirstTwo == Permutations({n1, n2})
LastTwo  == Permutations({n2, n3})

(* Where votes do not wait for the disk: some node still holds what is chosen. *)
StillHeld == \A s \in Slots : \A v \in decided[s] \cup Won(s) : \E a \in Nodes : mem[a].acc[s].v = v

(* Each membership was made from the one before it, so nothing that one changed is undone unseen. *)
NoChangeLost ==
  LET log == LogUpTo(NumSlots)
  IN  \A s \in Slots : IsValid(log[s], At(log, s)) => From(log[s]) = At(log, s).version

(* Narrowed: the second ballot begins when a change is chosen. *)
SecondComesLate == (\E v \in decided[1] : IsEntry(v)) \/ \A n \in Nodes : mem[n].promised < 2

(* Narrowed: the power goes when a slot of the second membership is chosen; then the second ballot begins. *)
SecondAfterLoss ==
  /\ crashes > 0 => \E s \in Slots : Truly(s) = 2 /\ decided[s] # {}
  /\ crashes = 0 => \A n \in Nodes : mem[n].promised < 2

(* Not to hold: shows that a model gets somewhere. *)
NothingInSecondMembership == ~ \E s \in Slots : Truly(s) = 2 /\ decided[s] # {}
NothingInThirdMembership  == ~ \E s \in Slots : Truly(s) = 3 /\ decided[s] # {}
NothingOutdated  == ~ \E s \in Slots : \E v \in decided[s] : IsEntry(v) /\ From(v) # At(LogUpTo(NumSlots), s).version
NobodyPartlyBack == ~ \E n \in Nodes : away[n].upTo \in 1..(NumSlots - 1)
NothingVoid      == ~ \E s \in Slots : \E v \in decided[s] : IsEntry(v) /\ At(LogUpTo(NumSlots), s).next # 0
NobodyReturns    == ~ \E b \in Ballots : crashes > 0 /\ (\A n \in Nodes : away[n] = Here) /\ lead[b].on /\ lead[b].commit = NumSlots
AllSlotsChosen   == ~ \A s \in Slots : decided[s] # {}
===============================================================================
