--------------------------------- MODULE Reads ---------------------------------
(***************************************************************************)
(* Linearizable reads: read-index, on the leader or for a follower; reads  *)
(* under a leader lease; quorum reads without the leader.                  *)
(*                                                                         *)
(* The log is abstracted to positions. That a slot has one value, however  *)
(* many ballots propose it, is what PaxosLog.tla checks; here a slot is    *)
(* chosen or not, and by which ballot. Slot ChangeAt, when there is one,   *)
(* holds the entry for the second membership, in force from slot           *)
(* ChangeAt + Window. A write is acknowledged at the moment its leader     *)
(* counts it as chosen, the earliest moment there is.                      *)
(*                                                                         *)
(* One read suffices: it may begin at any moment, and owes its caller      *)
(* every slot acknowledged by then. What another read returned before is   *)
(* covered, because no read returns more than was acknowledged (NotAhead). *)
(* What votes alone show to somebody (VotesShow) counts as acknowledged,   *)
(* as a read may have returned it.                                         *)
(*                                                                         *)
(* Time is abstracted to the one promise a clock bound gives: the holder   *)
(* of a lease stops counting a grant before the grant runs out at the one  *)
(* who gave it. Leases.tla has the clocks.                                 *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS
  Nodes,
  Owner,       \* Owner[b] is the node that campaigns with ballot b
  Configs,     \* Configs[i] = [set, q1, q2]; one or two memberships
  ChangeAt,    \* the slot that asks for the second; 0: nothing does
  Window, NumSlots, MaxCrashes,
  Kind,        \* "index", "lease" or "quorum"
  Readers,     \* nodes that a quorum read may be asked of
  Holders,     \* ballots whose leader asks for a lease
  \* the rules
  AfterReported,   \* the leader first has every slot chosen that Phase 1 reported
  EstablishedNext, \* and a prepare quorum of the next slot's membership has promised its ballot
  MemberTaken,     \* the membership asked is that of the slot after the commit index, taken "together" with it;
                   \* or "before" it, or "after" it; "last": both together, once there are enough confirmations
  IndexProposed,   \* with "last": the index covers all that the leader had proposed when the request came; off: that it knew chosen
  ConfirmAfter,    \* confirmations count when the node gave them after the request came: ids are never reused
  ConfirmEnough,   \* n - prepareQuorum + 1 of them; off: one fewer
  ConfirmBallot,   \* only from nodes that have promised no higher ballot
  GrantBlocks,     \* while a grant runs a node promises no other node's ballot
  GrantBlocksOwn,  \* nor campaigns itself
  HolderStopsFirst, \* the holder stops before the grant runs out: the clock bound
  RestartWaits,    \* a restarted node answers nothing until any grant it may have given has run out
  TransferStops,   \* who hands leadership over gives the lease up before the others may promise
  LeaseCheckedAt,  \* "read": the lease runs when the state is read; "request": it did after the request came;
                   \* "before": it did at some time before;
                   \* "after": it runs once the state was read, at an index that covers what had been proposed when the request came
  LeaderLearns,    \* who leads takes as chosen what it hears that others chose
  LeaseMember,     \* the grants counted are those of the membership of the slot after the commit index; off: of the first membership
  MeetsAccept,     \* a quorum read asks a set that meets each accept quorum; off: one node fewer
  EveryMembership, \* of each membership that governs a slot in (applied, applied + Window]; off: of the slot after applied
  AskAgain,        \* again when waiting brings a new one into that window
  WaitApplied,     \* and counts whoever told of no slot above the applied one; off: whoever answered
  VotesShow        \* who does not lead takes as chosen what an accept quorum voted for under one ballot, and may show it to clients

Ballots == DOMAIN Owner
Slots   == 1..NumSlots
Indexes == 0..NumSlots

VARIABLES
  prom,      \* node -> ballot promised
  votes,     \* ballot -> node -> highest slot voted
  known,     \* node -> commit index
  leader,    \* ballot -> [phase, next, end]; end[i] is the highest slot Phase 1 in membership i reported, -1 before it is done
  report,    \* ballot -> node -> [there, high, commit]: its promise
  acked,     \* highest slot acknowledged to a writer
  grant,     \* node -> ballot whose lease it granted, 0 for none
  lease,     \* ballot -> nodes whose grants its owner counts on
  checked,   \* ballots whose owner found its lease running (only for LeaseCheckedAt = "before")
  read,      \* the read
  crashes

vars == <<prom, votes, known, leader, report, acked, grant, lease, checked, read, crashes>>

Max(S) == CHOOSE x \in S : \A y \in S : y <= x

Governing(s) == IF ChangeAt > 0 /\ s >= ChangeAt + Window THEN 2 ELSE 1

PrepareQuorums(i) == {Q \in SUBSET Configs[i].set : Cardinality(Q) = Configs[i].q1}
AcceptQuorums(i)  == {Q \in SUBSET Configs[i].set : Cardinality(Q) = Configs[i].q2}
(* Enough to meet every prepare quorum, and every accept quorum. *)
MeetsPrepare(i) == Cardinality(Configs[i].set) - Configs[i].q1 + (IF ConfirmEnough THEN 1 ELSE 0)
MeetsVotes(i)   == Cardinality(Configs[i].set) - Configs[i].q2 + (IF MeetsAccept THEN 1 ELSE 0)
(* So many told of nothing that is not applied that the others are no accept quorum: the next slot was not chosen. *)
ToldOfNoMore(n, applied) == n \in read.heard /\ (WaitApplied => read.told[n] <= applied)

NoReport == [there |-> FALSE, high |-> 0, commit |-> 0]
NoRead   == [phase |-> "none", owed |-> 0, by |-> 0, index |-> 0, member |-> 0, heard |-> {}, high |-> 0, asked |-> {}, told |-> [n \in Nodes |-> 0]]

(* Ballot 1 leads: before it does there is nothing to read, and what other ballots did before it was in vain. *)
Init ==
  \E Q \in PrepareQuorums(1) :
    /\ prom = [n \in Nodes |-> IF n \in Q \cup {Owner[1]} THEN 1 ELSE 0]
    /\ votes = [b \in Ballots |-> [n \in Nodes |-> 0]]
    /\ known = [n \in Nodes |-> 0]
    /\ leader = [b \in Ballots |->
         IF b = 1 THEN [phase |-> "lead", next |-> 1, end |-> [i \in DOMAIN Configs |-> IF i = 1 THEN 0 ELSE -1]]
         ELSE [phase |-> "idle", next |-> 0, end |-> [i \in DOMAIN Configs |-> -1]]]
    /\ report = [b \in Ballots |-> [n \in Nodes |->
         IF b = 1 /\ prom[n] = 1 THEN [NoReport EXCEPT !.there = TRUE] ELSE NoReport]]
    /\ acked = 0
    /\ grant = [n \in Nodes |-> 0]
    /\ lease = [b \in Ballots |-> {}]
    /\ checked = {}
    /\ read = NoRead
    /\ crashes = 0

(***************************************************************************)
(* The protocol, as far as reads see it.                                   *)
(***************************************************************************)
High(n) == Max({votes[b][n] : b \in Ballots} \cup {known[n]})

(* The holder may take a higher ballot: it leads under the old one no more. *)
Free(n, b) == IF grant[n] = 0 THEN TRUE ELSE Owner[grant[n]] = Owner[b]

Campaign(b) ==
  LET n == Owner[b]
  IN  /\ leader[b].phase = "idle" /\ prom[n] < b
      /\ GrantBlocksOwn => Free(n, b)
      /\ prom' = [prom EXCEPT ![n] = b]
      /\ leader' = [c \in Ballots |-> IF c = b THEN [leader[b] EXCEPT !.phase = "prep"]
                                      ELSE IF Owner[c] = n /\ leader[c].phase # "idle" THEN [leader[c] EXCEPT !.phase = "gone"]
                                      ELSE leader[c]]
      /\ report' = [report EXCEPT ![b][n] = [there |-> TRUE, high |-> High(n), commit |-> known[n]]]
      /\ UNCHANGED <<votes, known, acked, grant, lease, checked, read, crashes>>

Promise(n, b) ==
  /\ leader[b].phase \in (IF Len(Configs) = 1 THEN {"prep"} ELSE {"prep", "lead"}) /\ prom[n] <= b /\ ~report[b][n].there
  /\ GrantBlocks => Free(n, b)
  /\ prom' = [prom EXCEPT ![n] = b]
  /\ report' = [report EXCEPT ![b][n] = [there |-> TRUE, high |-> High(n), commit |-> known[n]]]
  /\ UNCHANGED <<votes, known, leader, acked, grant, lease, checked, read, crashes>>

(* Phase 1 is done in membership i; first in that of the first open slot. *)
Establish(b, i) ==
  LET n == Owner[b]
  IN  /\ leader[b].phase \in {"prep", "lead"} /\ leader[b].end[i] = -1 /\ prom[n] = b
      /\ i = Governing(known[n] + 1) \/ leader[b].phase = "lead"
      /\ \E Q \in PrepareQuorums(i) :
           /\ \A a \in Q : report[b][a].there /\ report[b][a].commit <= known[n]
           /\ leader' = [leader EXCEPT ![b].phase = "lead",
                ![b].end[i] = Max({report[b][a].high : a \in Q}),
                ![b].next = IF leader[b].phase = "prep" THEN known[n] + 1 ELSE @]
      /\ UNCHANGED <<prom, votes, known, report, acked, grant, lease, checked, read, crashes>>

(* The first slot that its ballot has not proposed. *)
Propose(b) ==
  LET n == Owner[b]
      s == Max({leader[b].next, known[n] + 1})
  IN  /\ leader[b].phase = "lead" /\ prom[n] = b
      /\ s \in Slots /\ s <= known[n] + Window
      /\ leader[b].end[Governing(s)] >= 0
      /\ leader' = [leader EXCEPT ![b].next = s + 1]
      /\ UNCHANGED <<prom, votes, known, report, acked, grant, lease, checked, read, crashes>>

Vote(n, b) ==
  /\ leader[b].phase \in {"lead", "gone"} /\ prom[n] <= b
  /\ votes[b][n] < leader[b].next - 1
  /\ prom' = [prom EXCEPT ![n] = b]
  /\ votes' = [votes EXCEPT ![b][n] = leader[b].next - 1]
  /\ UNCHANGED <<known, leader, report, acked, grant, lease, checked, read, crashes>>

Declare(b) ==
  LET n == Owner[b]
      s == known[n] + 1
  IN  /\ leader[b].phase = "lead" /\ s < leader[b].next
      /\ \E Q \in AcceptQuorums(Governing(s)) : \A a \in Q : votes[b][a] >= s
      /\ known' = [known EXCEPT ![n] = s]
      /\ acked' = Max({acked, s})
      /\ UNCHANGED <<prom, votes, leader, report, grant, lease, checked, read, crashes>>

(* Only where it matters: at those who campaign or lead, and who read. *)
Learn(n) ==
  /\ \/ read.by = n /\ Kind = "quorum"
     \/ \E b \in Ballots : Owner[b] = n /\ leader[b].phase \in {"prep", "lead"}
  /\ LeaderLearns \/ \A b \in Ballots : Owner[b] = n => leader[b].phase # "lead"
  /\ \E m \in Nodes : known[m] > known[n] /\ known' = [known EXCEPT ![n] = known[m]]
  /\ UNCHANGED <<prom, votes, leader, report, acked, grant, lease, checked, read, crashes>>

(* Votes show that the next slot is chosen, to one who holds what its ballot proposed there. It need not be known to the leader. *)
ShowChosen(n) ==
  LET s == known[n] + 1
  IN  /\ VotesShow /\ s \in Slots
      /\ \A b \in Ballots : Owner[b] = n => leader[b].phase # "lead"
      /\ \E b \in Ballots : /\ votes[b][n] >= s
                             /\ \E Q \in AcceptQuorums(Governing(s)) :
                                  \A a \in Q : votes[b][a] >= s
      /\ known' = [known EXCEPT ![n] = s]
      /\ acked' = Max({acked, s})
      /\ UNCHANGED <<prom, votes, leader, report, grant, lease, checked, read, crashes>>

(* Ballot, promise and votes are on disk; who leads, what was granted and counted on is not. *)
Crash(n) ==
  /\ crashes < MaxCrashes /\ crashes' = crashes + 1
  /\ grant[n] # 0 \/ \E b \in Ballots : Owner[b] = n /\ leader[b].phase \in {"prep", "lead"}
  /\ leader' = [b \in Ballots |->
       IF Owner[b] = n /\ leader[b].phase # "idle" THEN [leader[b] EXCEPT !.phase = "gone"] ELSE leader[b]]
  /\ grant' = IF RestartWaits THEN grant ELSE [grant EXCEPT ![n] = 0]
  /\ lease' = [b \in Ballots |-> IF Owner[b] = n THEN {} ELSE lease[b]]
  /\ checked' = {b \in checked : Owner[b] # n}
  /\ UNCHANGED <<prom, votes, known, report, acked, read>>

(***************************************************************************)
(* Leases.                                                                 *)
(***************************************************************************)
Grant(n, b) ==
  /\ b \in Holders /\ leader[b].phase = "lead" /\ prom[n] <= b /\ grant[n] = 0
  /\ grant' = [grant EXCEPT ![n] = b]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, lease, checked, read, crashes>>

(* The holder heard of it and counts on it, as long as its own clock allows. *)
Count(b, n) ==
  /\ leader[b].phase = "lead" /\ grant[n] = b /\ n \notin lease[b]
  /\ lease' = [lease EXCEPT ![b] = @ \cup {n}]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, checked, read, crashes>>

HolderStops(b, n) ==
  /\ n \in lease[b] /\ lease' = [lease EXCEPT ![b] = @ \ {n}]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, checked, read, crashes>>

GrantRunsOut(n) ==
  /\ grant[n] # 0
  /\ HolderStopsFirst => n \notin lease[grant[n]]
  /\ grant' = [grant EXCEPT ![n] = 0]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, lease, checked, read, crashes>>

(* Leadership is handed over: its grants end at once. *)
Transfer(b) ==
  /\ leader[b].phase = "lead" /\ \E n \in Nodes : grant[n] = b
  /\ grant' = [n \in Nodes |-> IF grant[n] = b THEN 0 ELSE grant[n]]
  /\ lease' = IF TransferStops THEN [lease EXCEPT ![b] = {}] ELSE lease
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, checked, read, crashes>>

Leased(s) == IF LeaseMember THEN Governing(s) ELSE 1

HasLease(b, i) == Cardinality(lease[b] \cap Configs[i].set) >= MeetsPrepare(i)

CheckBefore(b) ==
  /\ LeaseCheckedAt = "before" /\ b \notin checked /\ read.phase = "none" /\ leader[b].phase = "lead"
  /\ HasLease(b, Leased(known[Owner[b]] + 1))
  /\ checked' = checked \cup {b}
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, read, crashes>>

(***************************************************************************)
(* The read. A read that a follower passes on to the leader is the same:   *)
(* the request begins earlier and the answer comes later.                  *)
(***************************************************************************)
(* A read that nothing was acknowledged before is owed nothing. *)
Begin ==
  /\ read.phase = "none" /\ acked > 0
  /\ \E r \in IF Kind = "quorum" THEN Readers ELSE {0}, i \in IF MemberTaken = "before" THEN DOMAIN Configs ELSE {1} :
       read' = [NoRead EXCEPT !.phase = "begun", !.owed = acked, !.by = r, !.member = i,
                              !.heard = IF ConfirmAfter THEN {} ELSE read.heard]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

MayTakeIndex(b) ==
  LET c == known[Owner[b]]
  IN  /\ leader[b].phase = "lead"
      /\ AfterReported => \A i \in DOMAIN Configs : c >= leader[b].end[i]
      /\ EstablishedNext => leader[b].end[Governing(c + 1)] >= 0

Return(index) == read' = [read EXCEPT !.phase = "done", !.index = index, !.heard = {}, !.asked = {}, !.told = [n \in Nodes |-> 0]]

(* The leader takes the index, then has its ballot confirmed; or notes what the index is to cover, and takes it last. *)
TakeIndex(b) ==
  LET c == known[Owner[b]]
  IN  /\ Kind = "index" /\ read.phase = "begun"
      /\ IF MemberTaken = "last" THEN leader[b].phase = "lead" ELSE MayTakeIndex(b)
      /\ ConfirmAfter \/ b = 1
      /\ read' = [read EXCEPT !.phase = "taken", !.by = b, !.index = c,
                              !.high = IF IndexProposed THEN Max({c, leader[b].next - 1}) ELSE c,
                              !.member = IF MemberTaken = "before" THEN @ ELSE Governing(c + 1),
                              !.heard = IF ConfirmAfter THEN {} ELSE @]
      /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

(* With ids used twice, a confirmation given for an earlier request counts too; it was for some ballot b. *)
Confirm(n, b) ==
  /\ Kind = "index" /\ n \notin read.heard
  /\ ConfirmBallot => prom[n] <= b
  /\ \/ read.phase = "taken" /\ read.by = b
     \/ ~ConfirmAfter /\ read.phase = "none" /\ b = 1 /\ leader[b].phase = "lead"
  /\ read' = [read EXCEPT !.heard = @ \cup {n}]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

Confirmed ==
  LET c == known[Owner[read.by]]
      i == IF MemberTaken \in {"after", "last"} THEN Governing(c + 1) ELSE read.member
  IN  /\ read.phase = "taken" /\ leader[read.by].phase = "lead"
      /\ Cardinality(read.heard \cap Configs[i].set) >= MeetsPrepare(i)
      /\ IF MemberTaken = "last" THEN c >= read.high /\ MayTakeIndex(read.by) /\ Return(c)
                                ELSE Return(read.index)
      /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

(* Under a lease nobody is asked. *)
TakeLeased(b) ==
  LET c == known[Owner[b]]
  IN  /\ Kind = "lease" /\ LeaseCheckedAt # "after" /\ b \in Holders /\ read.phase = "begun" /\ MayTakeIndex(b)
      /\ CASE LeaseCheckedAt = "read"    -> HasLease(b, Leased(c + 1)) /\ Return(c)
           [] LeaseCheckedAt = "request" -> HasLease(b, Leased(c + 1))
                                            /\ read' = [read EXCEPT !.phase = "leased", !.by = b, !.index = c]
           [] OTHER                      -> b \in checked /\ Return(c)
      /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

(* As built: what the index must cover is noted, then index and state are taken, then the lease is looked at. *)
NoteLeased(b) ==
  /\ Kind = "lease" /\ LeaseCheckedAt = "after" /\ b \in Holders /\ read.phase = "begun" /\ leader[b].phase = "lead"
  /\ read' = [read EXCEPT !.phase = "noted", !.by = b,
                          !.high = IF IndexProposed THEN Max({known[Owner[b]], leader[b].next - 1}) ELSE known[Owner[b]]]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

ShowLeased ==
  /\ read.phase = "noted" /\ known[Owner[read.by]] >= read.high /\ MayTakeIndex(read.by)
  /\ read' = [read EXCEPT !.phase = "shown", !.index = known[Owner[read.by]]]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

CheckLeased ==
  /\ read.phase = "shown" /\ MayTakeIndex(read.by)
  /\ HasLease(read.by, Leased(known[Owner[read.by]] + 1))
  /\ Return(read.index)
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

ReadLater ==
  /\ read.phase = "leased" /\ leader[read.by].phase = "lead"
  /\ Return(known[Owner[read.by]])
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

Needed(applied) ==
  {Governing(s) : s \in IF EveryMembership THEN (applied + 1)..(applied + Window) ELSE {applied + 1}}

(* A quorum read: any node answers with its highest accepted slot or commit index. *)
Ask(n) ==
  /\ Kind = "quorum" /\ read.phase = "begun" /\ n \notin read.heard
  /\ read' = [read EXCEPT !.heard = @ \cup {n}, !.told[n] = High(n),
                          !.asked = IF @ = {} THEN Needed(known[read.by]) ELSE @]
  /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

Answer ==
  LET applied == known[read.by]
      needed  == IF AskAgain THEN Needed(applied) ELSE read.asked
  IN  /\ Kind = "quorum" /\ read.phase = "begun" /\ read.heard # {}
      /\ \A i \in needed : Cardinality({n \in Configs[i].set : ToldOfNoMore(n, applied)}) >= MeetsVotes(i)
      /\ Return(applied)
      /\ UNCHANGED <<prom, votes, known, leader, report, acked, grant, lease, checked, crashes>>

(* Nothing matters once the read has returned. *)
Next ==
  /\ read.phase # "done"
  /\ \/ \E b \in Ballots : \/ Campaign(b) \/ Propose(b) \/ Declare(b) \/ Transfer(b) \/ CheckBefore(b)
                           \/ TakeIndex(b) \/ TakeLeased(b) \/ NoteLeased(b)
                           \/ \E i \in DOMAIN Configs : Establish(b, i)
                           \/ \E n \in Nodes : Promise(n, b) \/ Vote(n, b) \/ Confirm(n, b) \/ Grant(n, b)
                                                \/ Count(b, n) \/ HolderStops(b, n)
     \/ \E n \in Nodes : Learn(n) \/ ShowChosen(n) \/ Crash(n) \/ GrantRunsOut(n) \/ Ask(n)
     \/ Begin \/ Confirmed \/ ReadLater \/ ShowLeased \/ CheckLeased \/ Answer

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* What must hold.                                                         *)
(***************************************************************************)
Linearizable == read.phase = "done" => read.index >= read.owed
NotAhead     == read.phase = "done" => read.index <= acked

(* Not to hold: shows that the model gets somewhere. *)
NothingRead == ~(read.phase = "done" /\ read.owed = NumSlots)
NothingReadFromLater == ~(read.phase = "done" /\ read.owed > 0 /\ prom[Owner[1]] > 1)
===============================================================================
