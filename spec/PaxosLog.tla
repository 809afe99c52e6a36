------------------------------- MODULE PaxosLog -------------------------------
(***************************************************************************)
(* A replicated log by stable-leader Multi-Paxos.                          *)
(*                                                                         *)
(* Every rule that safety rests on is a constant: TRUE as designed, FALSE  *)
(* to see what breaks without it.  docs/specification.md says what is left *)
(* out, why the abstractions are sound, and what TLC found.                *)
(*                                                                         *)
(* Messages are never consumed, so each may be late, repeated, reordered   *)
(* or lost.  A ballot is an actor of its own: who owns it does not matter  *)
(* as long as it is used once, and a leader that stops just does nothing   *)
(* more.  A slot is voted about one at a time; batches are runs of steps.  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets

CONSTANTS
  Nodes,              \* every acceptor that ever lives
  NumBallots,
  NumSlots,
  Memberships,        \* sequence of [members, prepare, accept, limit]; the first one governs slot 1
  Changes,            \* which of them a log entry may ask for
  CanChange,          \* ballots whose leader may propose such an entry
  Belated,            \* and those whose leader may do so for somebody who saw an older membership
  PageCache,          \* votes do not wait for the disk, and a crash is a loss of power
  MaxCrashes,
  MaxDamages,         \* records that rot
  MaxWipes,           \* data directories that are emptied
  Snapshots,          \* snapshots may take the place of slots, on every node and at any time
  Reduced             \* explore fewer interleavings, see Next

CONSTANTS             \* the rules
  SyncBallot,         \* a ballot is on disk before it is used: it is never used twice
  SyncPromise,        \* a promise is on disk before it leaves
  SyncVote,           \* what is voted about is on disk before the vote leaves
  SyncAcceptedBallot, \* a ballot first met in an Accept is forced before a vote under it, in every mode
  RefuseBelowPromise, \* nothing is accepted below the promise
  WholePromise,       \* a promise counts only when all it reports has come
  KeepHighest,        \* a leader keeps the value of the highest ballot reported
  RespectCommit,      \* it proposes nothing at or below a commit index that a promise carried
  UnknownIsNotEmpty,  \* a damaged record counts neither as accepted nor as empty
  RepairWithChosen,   \* only what is chosen is taken from others in its place
  RepairIsNoReport,   \* and says nothing of what was accepted there: above the commit index the slot stays unknown
  VoteSameBallot,     \* only what is held under the vote's own ballot counts in it
  VoteUnbroken,       \* a watermark vote ends at the first hole
  VoteFromFloor,      \* and begins at the leader's floor
  VoteOverChosen,     \* a slot known chosen here is no hole
  LearnSameBallot,    \* a leader's commit index covers only what is held under that leader's ballot
  CommitUnbroken,     \* a commit index has no hole below it
  OwnVotesOnly,       \* a leader's commit index moves by votes for its own ballot only
  KeepWindow,         \* slot s is proposed only when every slot c with c + limit(c) <= s is known chosen
  MembershipBySlot,   \* each slot has one membership, not the newest one its leader knows
  EstablishEach,      \* a ballot proposes a slot only when established in the membership of that slot
  VoidWhilePending,   \* a membership entry at a slot where an earlier one is not yet in force is void
  CompareVersion,     \* so is one that was not made from the latest valid one
  ChangeAfterOwn,     \* a leader starts a change only after something of its own ballot is chosen
  ChangeWhenPromised, \* and after quorums of the new membership have promised its ballot
  AwayIsSilent,       \* a node that lost power neither promises nor votes before it is back
  KnowIncarnation,    \* an emptied directory under a known id is nobody's
  ReturnAbovePromise, \* it comes back by a ballot above all it ever promised
  ReturnWithReported, \* holding, under that ballot, all that its Phase 1 reported
  ReturnPerMembership,\* only where that ballot is established, and where nobody can have voted before it
  ReportedEntryBounds,\* where an entry that was reported counts as one that may be chosen
  CountWithin,        \* its promise counts in no other
  VoteWithin,         \* and it votes in no other
  SyncSnapshot,       \* a snapshot is on disk before the records of its slots are gone
  JumpKeepsPromise,   \* it says nothing of ballots
  JumpKeepsAbove,     \* and takes the place of nothing above its slot
  JumpHidesBelow      \* what was accepted below it is told to nobody as chosen

Ballots == 1..NumBallots
Slots   == 1..NumSlots

Max(S) == CHOOSE x \in S : \A y \in S : y <= x
Min(S) == CHOOSE x \in S : \A y \in S : x <= y

(***************************************************************************)
(* Values.  Each ballot has a command of its own, as equal values would    *)
(* only hide faults.  No-ops are commands here.                            *)
(***************************************************************************)
None       == 0
Rotten     == -1
Command(b) == b
Second(b)  == 100 + b      \* the command of a ballot that is, wrongly, used again
IsEntry(v) == v > 200
Asked(v)   == (v - 200) % 10
From(v)    == (v - 200) \div 10

(* Asks for Memberships[i], made from the membership whose entry is at slot s, the first one at 0. *)
Entry(i, s) == 200 + 10 * s + i

Nothing == [b |-> 0, v |-> None]
Unknown == [b |-> 0, v |-> Rotten]

VARIABLES
  mem,      \* node -> [promised, acc, commit]: per slot the ballot and value accepted last
  disk,     \* node -> the same, as it would be found after a crash
  away,     \* node -> its promise when it lost power, and the last slot that it takes part in since
  lead,     \* ballot -> what its leader knows, see NotLeading
  proposed, \* ballot -> slot -> values that Accept messages carry
  promises, \* ballot -> Promise messages
  votes,    \* ballot -> node -> highest slot voted for
  decided,  \* slot -> values that some leader found chosen (history)
  crashes, damages, wipes

vars == <<mem, disk, away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

Here  == [above |-> 0, upTo |-> NumSlots]
Blank == [promised |-> 0, acc |-> [s \in Slots |-> Nothing], commit |-> 0]

NotLeading ==
  [on     |-> FALSE,
   start  |-> 0,                           \* first slot of this ballot
   end    |-> 0,                           \* last slot that Phase 1 reported
   commit |-> 0,                           \* the commit index; the floor is one above
   next   |-> 0,                           \* next slot to propose
   keep   |-> [s \in Slots |-> Nothing],   \* what Phase 1 reported and is not proposed yet
   in     |-> {}]                          \* memberships in which the ballot is established

Init ==
  /\ mem = [n \in Nodes |-> Blank] /\ disk = mem
  /\ away = [n \in Nodes |-> Here]
  /\ lead = [b \in Ballots |-> NotLeading]
  /\ proposed = [b \in Ballots |-> [s \in Slots |-> {}]]
  /\ promises = [b \in Ballots |-> {}]
  /\ votes = [b \in Ballots |-> [n \in Nodes |-> 0]]
  /\ decided = [s \in Slots |-> {}]
  /\ crashes = 0 /\ damages = 0 /\ wipes = 0

(***************************************************************************)
(* What is chosen, and which membership governs a slot by that.            *)
(***************************************************************************)
(* Every slot up to here was found chosen by somebody. *)
ChosenUpTo == LET open == {s \in Slots : decided[s] = {}} IN IF open = {} THEN NumSlots ELSE Min(open) - 1

(* The log as known to whoever has this commit index. *)
LogUpTo(commit) == [s \in Slots |-> IF s <= commit /\ decided[s] # {} THEN CHOOSE v \in decided[s] : TRUE ELSE None]

IsValid(v, at) ==
  /\ IsEntry(v)
  /\ VoidWhilePending => at.next = 0
  /\ CompareVersion => From(v) = at.version

(* At slot s: the membership in force; the one (or 0) that is to come, from where on; the slot of the last valid entry. *)
RECURSIVE At(_, _)
At(log, s) ==
  IF s = 1 THEN [now |-> 1, next |-> 0, from |-> 0, version |-> 0]
  ELSE LET before == At(log, s - 1)
           after  == IF IsValid(log[s - 1], before)
                     THEN [before EXCEPT !.next = Asked(log[s - 1]),
                                         !.from = s - 1 + Memberships[before.now].limit,
                                         !.version = s - 1]
                     ELSE before
       IN  IF after.next # 0 /\ after.from <= s THEN [after EXCEPT !.now = after.next, !.next = 0, !.from = 0] ELSE after

Governs(log, s) ==
  IF Changes = {} THEN 1
  ELSE IF MembershipBySlot THEN At(log, s).now
  ELSE LET entries == {c \in Slots : IsEntry(log[c])} IN IF entries = {} THEN 1 ELSE Asked(log[Max(entries)])

InWindow(log, commit, s) ==
  KeepWindow => \A c \in (commit + 1)..(s - 1) : c + Memberships[Governs(log, c)].limit > s

IsPrepareQuorum(i, nodes) == Cardinality(nodes \cap Memberships[i].members) >= Memberships[i].prepare
IsAcceptQuorum(i, nodes)  == Cardinality(nodes \cap Memberships[i].members) >= Memberships[i].accept

(***************************************************************************)
(* Phase 1, once per ballot and membership, for all slots to infinity.     *)
(* A Prepare needs no step of its own: nothing happens before somebody     *)
(* promises.  The candidate itself promises like anybody else.             *)
(***************************************************************************)
(* The commit indexes a node may have when it speaks: see Learn. *)
CommitsOf(a) == IF Reduced THEN mem[a].commit..Max({mem[a].commit, ChosenUpTo}) ELSE {mem[a].commit}

(* A value without a ballot was taken from others. *)
Shown(r) == IF r.b > 0 \/ r.v = None THEN r ELSE IF r = Unknown \/ RepairIsNoReport THEN Unknown ELSE Nothing

Report(a, commit) == [s \in Slots |-> IF s > commit THEN Shown(mem[a].acc[s]) ELSE Nothing]

(* What may reach the candidate of it. *)
Arriving(report) == IF WholePromise THEN {report} ELSE {report} \cup {[report EXCEPT ![s] = Nothing] : s \in Slots}

Promise(a, b) ==
  /\ away[a].upTo > 0
  /\ lead[b].on => \E i \in Changes \ lead[b].in : a \in Memberships[i].members   \* else nobody asks any more
  /\ \/ mem[a].promised < b
     \/ mem[a].promised = b /\ \A p \in promises[b] : p.a = a => p.upTo < away[a].upTo
  /\ LET raised == [mem[a] EXCEPT !.promised = b]
     IN  /\ mem' = [mem EXCEPT ![a] = raised]
         /\ disk' = IF SyncPromise THEN [disk EXCEPT ![a] = raised] ELSE disk
  /\ \E c \in CommitsOf(a) : \E r \in Arriving(Report(a, c)) :
       promises' = [promises EXCEPT ![b] = @ \cup {[a |-> a, upTo |-> away[a].upTo, commit |-> c, acc |-> r]}]
  /\ UNCHANGED <<away, lead, proposed, votes, decided, crashes, damages, wipes>>

(* Enough answers for each slot from here on; those that say "unknown" do not count. *)
IsEnough(heard, i, from) ==
  \A s \in from..NumSlots :
    IsPrepareQuorum(i, {p.a : p \in {q \in heard : UnknownIsNotEmpty => q.acc[s] # Unknown}})

Pick(held) ==
  IF held = {} THEN Nothing
  ELSE IF KeepHighest THEN CHOOSE h \in held : \A g \in held : g.b <= h.b
  ELSE CHOOSE h \in held : \A g \in held : g.b >= h.b

Reported(heard, s) == {r \in {p.acc[s] : p \in heard} : r.b > 0}

Merged(keep, heard, from) ==
  [s \in Slots |-> IF s < from THEN keep[s]
                   ELSE Pick(Reported(heard, s) \cup (IF keep[s].b > 0 THEN {keep[s]} ELSE {}))]

LastReported(heard, from) == Max({from - 1} \cup {s \in from..NumSlots : Reported(heard, s) # {}})

(* Those that count in membership i for slots from here on. *)
PromisesOf(b, i, from) ==
  {p \in promises[b] : p.a \in Memberships[i].members /\ (CountWithin => p.upTo >= from)}

(* Forgotten as soon as nothing can come of them, so that fewer states differ. *)
StillOfUse(b, established) ==
  {p \in promises[b] : ~SyncBallot \/ \E i \in Changes \ established : p.a \in Memberships[i].members}

(* The candidate has caught up to c and leads from the slot above. *)
Lead(b) ==
  /\ ~lead[b].on
  /\ \E c \in 0..Min({ChosenUpTo, NumSlots - 1}) :
       LET i == Governs(LogUpTo(c), c + 1)
       IN  \E heard \in SUBSET PromisesOf(b, i, c + 1) :
             /\ IsEnough(heard, i, c + 1)
             /\ RespectCommit => \A p \in heard : p.commit <= c
             /\ lead' = [lead EXCEPT ![b] =
                  [on |-> TRUE, start |-> c + 1, end |-> LastReported(heard, c + 1), commit |-> c, next |-> c + 1,
                   keep |-> Merged(NotLeading.keep, heard, c + 1), in |-> {i}]]
             /\ promises' = [promises EXCEPT ![b] = StillOfUse(b, {i})]
  /\ UNCHANGED <<mem, disk, away, proposed, votes, decided, crashes, damages, wipes>>

(* Phase 1 of the same ballot in the membership of the next slot. *)
Establish(b) ==
  LET L   == lead[b]
      log == LogUpTo(L.commit)
      i   == Governs(log, L.next)
  IN  /\ L.on /\ L.next <= NumSlots /\ i \notin L.in
      /\ InWindow(log, L.commit, L.next)
      /\ \E heard \in SUBSET PromisesOf(b, i, L.next) :
           /\ IsEnough(heard, i, L.next)
           /\ RespectCommit => \A p \in heard : p.commit < L.next
           /\ lead' = [lead EXCEPT ![b].in = @ \cup {i},
                                   ![b].keep = Merged(@, heard, L.next),
                                   ![b].end = Max({@, LastReported(heard, L.next)})]
      /\ promises' = [promises EXCEPT ![b] = StillOfUse(b, L.in \cup {i})]
      /\ UNCHANGED <<mem, disk, away, proposed, votes, decided, crashes, damages, wipes>>

(***************************************************************************)
(* Phase 2.                                                                *)
(***************************************************************************)
(* The slots that may be proposed now. *)
Proposable(b) ==
  LET L   == lead[b]
      log == LogUpTo(L.commit)
      may(s) == InWindow(log, L.commit, s) /\ (EstablishEach => Governs(log, s) \in L.in)
  IN  IF L.on THEN {s \in L.next..NumSlots : \A t \in L.next..s : may(t)} ELSE {}

MayAskFor(b) ==
  IF b \notin CanChange \/ (ChangeAfterOwn /\ lead[b].commit < lead[b].start) THEN {}
  ELSE LET promised == {p.a : p \in {q \in promises[b] : q.upTo = NumSlots}}
       IN  {i \in Changes : ChangeWhenPromised => IsPrepareQuorum(i, promised) /\ IsAcceptQuorum(i, promised)}

(* The membership that a change is made from: the latest that the leader knows, or one before it. *)
Versions(b) ==
  LET known == lead[b].commit
      log   == LogUpTo(known)
  IN  {At(log, c + 1).version : c \in (IF b \in Belated THEN 0..known ELSE {known})}

NewValues(b) ==
  {Command(b)} \cup (IF SyncBallot THEN {} ELSE {Second(b)}) \cup UNION {{Entry(i, s) : s \in Versions(b)} : i \in MayAskFor(b)}

(* All the window holds at once, or slot by slot where it matters what the leader puts there. *)
Propose(b) ==
  LET L    == lead[b]
      last == IF b \in CanChange THEN L.next ELSE Max(Proposable(b))
  IN  /\ Proposable(b) # {}
      /\ \E v \in NewValues(b) :
           proposed' = [proposed EXCEPT ![b] =
             [s \in Slots |-> IF s \notin L.next..last THEN @[s]
                              ELSE @[s] \cup {IF L.keep[s].b > 0 THEN L.keep[s].v ELSE v}]]
      /\ lead' = [lead EXCEPT ![b].next = last + 1,
                              ![b].keep = [s \in Slots |-> IF s <= last THEN Nothing ELSE @[s]]]
      /\ UNCHANGED <<mem, disk, away, promises, votes, decided, crashes, damages, wipes>>

(* Accepts go to the members of their slot, and to those who are to vote on a later one. *)
IsSentTo(a, b, s) ==
  Changes = {} \/ \E t \in s..(lead[b].next - 1) : a \in Memberships[Governs(LogUpTo(lead[b].commit), t)].members

(* Written down, not yet forced; but a ballot is forced in every mode before anything rests on it. *)
Accept(a, b, s) ==
  /\ VoteWithin => s <= away[a].upTo
  /\ s > mem[a].commit /\ mem[a].acc[s].b # b
  /\ proposed[b][s] # {} /\ IsSentTo(a, b, s)
  /\ RefuseBelowPromise => mem[a].promised <= b
  /\ \E v \in proposed[b][s] :
       mem' = [mem EXCEPT ![a].promised = Max({@, b}), ![a].acc[s] = [b |-> b, v |-> v]]
  /\ disk' = IF PageCache /\ SyncAcceptedBallot THEN [disk EXCEPT ![a].promised = Max({@, b})] ELSE disk
  /\ UNCHANGED <<away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

(* How far node a could vote under b, were it not for what it lost. *)
HoldsUpTo(a, b) ==
  LET floor == lead[b].commit + 1
      known == Max(CommitsOf(a))
      held  == {s \in floor..NumSlots :
                  \/ IF VoteSameBallot THEN mem[a].acc[s].b = b ELSE mem[a].acc[s].b > 0
                  \/ VoteOverChosen /\ s <= known}
      from  == IF VoteFromFloor \/ held = {} THEN floor ELSE Min(held)
  IN  IF VoteUnbroken THEN Max({0} \cup {u \in held : from..u \subseteq held}) ELSE Max({0} \cup held)

VotesUpTo(a, b) == IF VoteWithin THEN Min({HoldsUpTo(a, b), away[a].upTo}) ELSE HoldsUpTo(a, b)

CanVote(a, b) ==
  /\ lead[b].on
  /\ mem[a].promised = b \/ (~RefuseBelowPromise /\ mem[a].promised > b)
  /\ VotesUpTo(a, b) > votes[b][a]

(* Forced, then said.  Forced and not said looks like a vote that was lost. *)
Vote(a, b) ==
  /\ CanVote(a, b)
  /\ votes' = [votes EXCEPT ![b][a] = VotesUpTo(a, b)]
  /\ disk' = IF SyncVote /\ ~PageCache THEN [disk EXCEPT ![a] = mem[a]] ELSE disk
  /\ UNCHANGED <<mem, away, lead, proposed, promises, decided, crashes, damages, wipes>>

(***************************************************************************)
(* Commit and learning.                                                    *)
(***************************************************************************)
VotersFor(b, s) == {a \in Nodes : votes[b][a] >= s}

CommitsTo(b) ==
  LET L == lead[b]
      reach == {s \in (L.commit + 1)..(L.next - 1) : IsAcceptQuorum(Governs(LogUpTo(L.commit), s), VotersFor(b, s))}
  IN  IF ~L.on THEN {} ELSE IF CommitUnbroken THEN reach \cap {L.commit + 1} ELSE reach

(* The leader's commit index moves, and from now on rides on its messages. *)
Commit(b) ==
  \E s \in CommitsTo(b) :
    /\ lead' = [lead EXCEPT ![b].commit = s]
    /\ decided' = [t \in Slots |-> IF t \in (lead[b].commit + 1)..s THEN decided[t] \cup proposed[b][t] ELSE decided[t]]
    /\ UNCHANGED <<mem, disk, away, proposed, promises, votes, crashes, damages, wipes>>

(* A leader that took over what others chose since, and said so under its own ballot. *)
LeaderLearns(b) ==
  /\ ~OwnVotesOnly
  /\ lead[b].on /\ lead[b].commit + 1 < lead[b].next /\ lead[b].commit < ChosenUpTo
  /\ lead' = [lead EXCEPT ![b].commit = @ + 1]
  /\ UNCHANGED <<mem, disk, away, proposed, promises, votes, decided, crashes, damages, wipes>>

(* From whoever knows; that a commit index of a leader covers it here is one such way, see LearntIsChosen. *)
Learn(a) ==
  /\ ~Reduced /\ mem[a].commit < ChosenUpTo
  /\ mem' = [mem EXCEPT ![a].commit = @ + 1]
  /\ UNCHANGED <<disk, away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

(* A snapshot at c, its own or another node's, takes the place of all up to c: no record of that need be left. *)
Jump(a, c) ==
  /\ Snapshots /\ away[a] = Here /\ disk[a].commit < c /\ c <= ChosenUpTo
  /\ LET Goes(s) == IF s <= c THEN JumpHidesBelow ELSE ~JumpKeepsAbove
         After(st) == [promised |-> IF JumpKeepsPromise THEN st.promised ELSE 0,
                       acc      |-> [s \in Slots |-> IF Goes(s) THEN Nothing ELSE st.acc[s]],
                       commit   |-> Max({c, st.commit})]
     IN  /\ mem' = [mem EXCEPT ![a] = After(@)]
         /\ disk' = [disk EXCEPT ![a] = IF SyncSnapshot THEN After(@) ELSE [After(@) EXCEPT !.commit = disk[a].commit]]
  /\ UNCHANGED <<away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

(***************************************************************************)
(* Faults.                                                                 *)
(***************************************************************************)
(* What may be found of a slot after a loss of power: the newest record, an older one, or none. *)
Remains(a, s) ==
  {disk[a].acc[s], mem[a].acc[s]} \cup
  {[b |-> b, v |-> v] : b \in {c \in Ballots : c > disk[a].acc[s].b /\ votes[c][a] >= s /\ lead[c].start <= s},
                        v \in UNION {proposed[c][s] : c \in Ballots}}

Found(a) ==
  IF ~PageCache THEN {disk[a]}
  ELSE {[disk[a] EXCEPT !.acc = f] :
          f \in {g \in [Slots -> UNION {Remains(a, s) : s \in Slots}] :
                   \A s \in Slots : g[s] \in Remains(a, s) /\ (g[s].b > 0 => g[s].v \in proposed[g[s].b][s])}}

Crash(a) ==
  /\ crashes < MaxCrashes /\ crashes' = crashes + 1
  /\ (VoteWithin => away[a].upTo > 0) /\ disk[a] # mem[a]
  /\ \E st \in Found(a) : mem' = [mem EXCEPT ![a] = st] /\ disk' = [disk EXCEPT ![a] = st]
  /\ away' = IF PageCache /\ AwayIsSilent
              THEN [away EXCEPT ![a] = [above |-> disk[a].promised, upTo |-> 0]] ELSE away
  /\ UNCHANGED <<lead, proposed, promises, votes, decided, damages, wipes>>

(* The leader restarts and has forgotten that it used this ballot. *)
Forget(b) ==
  /\ ~SyncBallot /\ lead[b].on
  /\ crashes < MaxCrashes /\ crashes' = crashes + 1
  /\ lead' = [lead EXCEPT ![b] = NotLeading]
  /\ UNCHANGED <<mem, disk, away, proposed, promises, votes, decided, damages, wipes>>

(* Found by checksum at a start.  The slot is unknown then, also where an older record of it is whole. *)
Damage(a, s) ==
  /\ damages < MaxDamages /\ damages' = damages + 1
  /\ away[a] = Here /\ s > disk[a].commit /\ disk[a].acc[s].b > 0
  /\ disk' = [disk EXCEPT ![a].acc[s] = Unknown]
  /\ mem' = [mem EXCEPT ![a] = disk'[a]]
  /\ UNCHANGED <<away, lead, proposed, promises, votes, decided, crashes, wipes>>

(* What others hold of a slot, to be written down where a record rotted. *)
Offered(s) ==
  IF RepairWithChosen THEN {[b |-> 0, v |-> v] : v \in decided[s]}
  ELSE {r \in {mem[p].acc[s] : p \in Nodes} : r.b > 0}

(* Known chosen here by then, see Learn; but a commit index need not be on disk. *)
Repair(a, s) ==
  /\ away[a] = Here /\ mem[a].acc[s] = Unknown
  /\ RepairWithChosen => s <= ChosenUpTo
  /\ \E r \in Offered(s) :
       /\ mem' = [mem EXCEPT ![a].acc[s] = r]
       /\ disk' = [disk EXCEPT ![a].acc[s] = r]
  /\ UNCHANGED <<away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

(* Everything is lost. The node is started again under its id. *)
Wipe(a) ==
  /\ wipes < MaxWipes /\ wipes' = wipes + 1
  /\ away[a] = Here /\ mem[a] # Blank
  /\ LET found == IF KnowIncarnation THEN [Blank EXCEPT !.promised = NumBallots + 1] ELSE Blank
     IN  /\ mem' = [mem EXCEPT ![a] = found] /\ disk' = [disk EXCEPT ![a] = found]
  /\ away' = IF KnowIncarnation                                   \* for ever: no ballot is above such a promise
              THEN [away EXCEPT ![a] = [above |-> NumBallots + 1, upTo |-> 0]] ELSE away
  /\ UNCHANGED <<lead, proposed, promises, votes, decided, crashes, damages>>

(* The log as whoever follows b knows it up to the last slot that Phase 1 of b reported. *)
Followed(b) ==
  LET L == lead[b]
  IN  [s \in Slots |-> IF s < L.start THEN LogUpTo(L.start - 1)[s]
                       ELSE IF ReportedEntryBounds /\ s <= L.end /\ proposed[b][s] # {} THEN Max(proposed[b][s])
                       ELSE None]

(* Up to the first slot of a membership that was reported and in which b is not established. In one whose entry nobody *)
(* reported nobody voted under a ballot below b. *)
LeadsBackUpTo(b) ==
  LET open == {s \in lead[b].start..NumSlots : Governs(Followed(b), s) \notin lead[b].in}
  IN  IF ReturnPerMembership /\ open # {} THEN Min(open) - 1 ELSE NumSlots

(* The way back: by a ballot that is established without this node's word above its promise, caught up to its start *)
(* slot, and holding under it whatever its Phase 1 reported, so far as the way goes. *)
Return(a, b) ==
  LET L    == lead[b]
      upTo == LeadsBackUpTo(b)
      back == IF ReturnWithReported THEN L.start..Min({L.end, upTo}) ELSE {}
      now  == [promised |-> Max({b, mem[a].promised}),
               commit |-> Max({L.start - 1, mem[a].commit}),
               acc |-> [s \in Slots |-> IF s \in back THEN [b |-> b, v |-> Max(proposed[b][s])] ELSE mem[a].acc[s]]]
  IN  /\ L.on /\ away[a].upTo < upTo
      /\ ReturnAbovePromise => b > away[a].above /\ b >= mem[a].promised
      /\ \A s \in back : proposed[b][s] # {}
      /\ mem' = [mem EXCEPT ![a] = now] /\ disk' = [disk EXCEPT ![a] = now]
      /\ away' = [away EXCEPT ![a] = IF upTo = NumSlots THEN Here ELSE [@ EXCEPT !.upTo = upTo]]
      /\ UNCHANGED <<lead, proposed, promises, votes, decided, crashes, damages, wipes>>

(***************************************************************************)
(* Votes, commits and plain proposals take nothing away from anybody: they *)
(* only make more possible.  Reduced, they go first, and a node learns in  *)
(* the step that uses what it learnt.                                      *)
(***************************************************************************)
Plain(b) == b \notin CanChange /\ SyncBallot /\ Proposable(b) # {}

Urgent ==
  \/ \E a \in Nodes, b \in Ballots : CanVote(a, b)
  \/ \E b \in Ballots : CommitsTo(b) # {} \/ Plain(b)

UrgentStep ==
  \/ \E a \in Nodes, b \in Ballots : Vote(a, b)
  \/ \E b \in Ballots : Commit(b) \/ (Plain(b) /\ Propose(b))

AnyStep ==
  \/ \E b \in Ballots : Lead(b) \/ Establish(b) \/ Propose(b) \/ Commit(b) \/ LeaderLearns(b) \/ Forget(b)
  \/ \E a \in Nodes, b \in Ballots : Promise(a, b) \/ Vote(a, b) \/ Return(a, b)
  \/ \E a \in Nodes, b \in Ballots, s \in Slots : Accept(a, b, s)
  \/ \E a \in Nodes : Learn(a) \/ Crash(a) \/ Wipe(a)
  \/ \E a \in Nodes, s \in Slots : Damage(a, s) \/ Repair(a, s) \/ Jump(a, s)

Next == IF Reduced /\ Urgent THEN UrgentStep ELSE AnyStep

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* What must hold.                                                         *)
(***************************************************************************)
Truly(s) == Governs(LogUpTo(NumSlots), s)

(* Chosen, whether or not anybody knows. *)
Won(s) == UNION {proposed[b][s] : b \in {c \in Ballots : IsAcceptQuorum(Truly(s), VotersFor(c, s))}}

OneValue == \A s \in Slots : Cardinality(decided[s] \cup Won(s)) <= 1

(* Whatever a node would take as chosen from a leader's commit index is. *)
LearntIsChosen ==
  \A a \in Nodes, b \in Ballots : \A s \in 1..lead[b].commit :
    s > mem[a].commit /\ (IF LearnSameBallot THEN mem[a].acc[s].b = b ELSE mem[a].acc[s].b > 0)
      => mem[a].acc[s].v \in decided[s]

(* Whatever a node holds at or below its commit index, and so may tell others as chosen, is. *)
ServedIsChosen ==
  \A a \in Nodes : \A s \in 1..mem[a].commit : mem[a].acc[s].v > None => mem[a].acc[s].v \in decided[s]

(* Every prepare quorum of a chosen slot's membership holds its value on disk, so no later ballot can miss it. *)
NeverLost ==
  \A s \in Slots : \A v \in decided[s] \cup Won(s) :
    LET i == Truly(s)
        without == {a \in Memberships[i].members : disk[a].acc[s].v # v /\ disk[a].commit < s}
    IN  ~IsPrepareQuorum(i, without)

===============================================================================
