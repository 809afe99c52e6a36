-------------------------------- MODULE Traces --------------------------------
(***************************************************************************)
(* Follows what the code did, line by line: each line of a trace is one    *)
(* step of PaxosLog, with what was observed of it, or a step named below.  *)
(* TLC can follow a line only if the specification allows that step in     *)
(* that state.  The trace is part of a behaviour when TLC reaches its end. *)
(*                                                                         *)
(* A value is named by the ballot that first proposed it: at one slot a    *)
(* ballot proposes at most one value of its own.                           *)
(***************************************************************************)
EXTENDS PaxosLog, Sequences

CONSTANT Trace

VARIABLE line   \* the next line to follow

Line == Trace[line]

(***************************************************************************)
(* The lines.  Each is something that node a did.                          *)
(***************************************************************************)
(* It raised its promise to b. *)
Promised(a, b) == [op |-> "promised", a |-> a, b |-> b]

(* The same, and told b's owner its commit index and, from slot s on, <<slot, ballot, value>> of what it held. *)
Answered(a, b, commit, s, held) == [op |-> "answered", a |-> a, b |-> b, commit |-> commit, s |-> s, held |-> held]

(* It led under b from slot s on, after the promises of these nodes had come. *)
Leads(a, b, s, from) == [op |-> "leads", a |-> a, b |-> b, s |-> s, from |-> from]

Proposed(a, b, s, v) == [op |-> "proposed", a |-> a, b |-> b, s |-> s, v |-> v]

Accepted(a, b, s, v) == [op |-> "accepted", a |-> a, b |-> b, s |-> s, v |-> v]

(* Its vote for everything up to s left. *)
Voted(a, b, s) == [op |-> "voted", a |-> a, b |-> b, s |-> s]

(* As leader it counted slot s as chosen, by the votes of these nodes that had come. *)
Counted(a, b, s, from) == [op |-> "counted", a |-> a, b |-> b, s |-> s, from |-> from]

(* It took value v as chosen in slot s: by the commit index of ballot b, or, with b = 0, from whoever sent it. *)
Learnt(a, b, s, v) == [op |-> "learnt", a |-> a, b |-> b, s |-> s, v |-> v]

(* All it wrote so far is forced; told only before a crash. *)
Forced(a) == [op |-> "forced", a |-> a]

(* It started again, and recovered this promise, this commit index and these <<slot, ballot, value>> above it. *)
Restarted(a, promised, commit, held) ==
  [op |-> "restarted", a |-> a, promised |-> promised, commit |-> commit, held |-> held]

(***************************************************************************)
(* The steps.                                                              *)
(***************************************************************************)
HeldAt(held, s) ==
  LET at == {h \in held : h[1] = s}
  IN  IF at = {} THEN Nothing ELSE LET h == CHOOSE h \in at : TRUE IN [b |-> h[2], v |-> h[3]]

(* A leader needs no more promises; who gives one now only takes part in nothing below it any more. *)
PromisesLate(t) ==
  /\ lead[t.b].on /\ mem[t.a].promised < t.b
  /\ mem' = [mem EXCEPT ![t.a].promised = t.b]
  /\ disk' = [disk EXCEPT ![t.a] = mem'[t.a]]
  /\ UNCHANGED <<away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

Promises(t) == (Promise(t.a, t.b) \/ PromisesLate(t)) /\ mem'[t.a].promised = t.b

Answers(t) ==
  /\ Promises(t)
  /\ lead[t.b].on \/ \E p \in promises'[t.b] :
       /\ p.a = t.a /\ p.commit = t.commit
       /\ \A s \in Slots : s >= t.s => p.acc[s] = HeldAt(t.held, s)

Leading(t) ==
  /\ mem[t.a].commit = t.s - 1
  /\ IsEnough({p \in promises[t.b] : p.a \in t.from}, 1, t.s)
  /\ Lead(t.b)
  /\ lead'[t.b].start = t.s

Proposing(t) ==
  /\ lead[t.b].next = t.s
  /\ Propose(t.b)
  /\ proposed'[t.b][t.s] = {t.v}

(* Written again, under the same ballot, beside slots that are new. *)
IsHeld(t) == mem[t.a].acc[t.s] = [b |-> t.b, v |-> t.v]

Accepting(t) ==
  \/ IsHeld(t) /\ UNCHANGED vars
  \/ ~IsHeld(t) /\ Accept(t.a, t.b, t.s) /\ mem'[t.a].acc[t.s] = [b |-> t.b, v |-> t.v]

(* A vote may say less than could be said, as when the voter heard an older floor; below the floor it says nothing. *)
SaysNothing(t) == t.s <= lead[t.b].commit \/ t.s <= votes[t.b][t.a]

Voting(t) ==
  /\ mem[t.a].promised = t.b
  /\ \/ SaysNothing(t) /\ UNCHANGED vars
     \/ /\ ~SaysNothing(t)
        /\ CanVote(t.a, t.b) /\ t.s <= HoldsUpTo(t.a, t.b)
        /\ votes' = [votes EXCEPT ![t.b][t.a] = t.s]
        /\ disk' = [disk EXCEPT ![t.a] = mem[t.a]]
        /\ UNCHANGED <<mem, away, lead, proposed, promises, decided, crashes, damages, wipes>>

Counting(t) ==
  /\ lead[t.b].commit + 1 = t.s
  /\ IsAcceptQuorum(1, {a \in t.from : votes[t.b][a] >= t.s})
  /\ Commit(t.b)
  /\ lead'[t.b].commit = t.s

Learning(t) ==
  /\ t.b # 0 => mem[t.a].acc[t.s].b = t.b /\ t.s <= lead[t.b].commit
  /\ decided[t.s] = {t.v}
  /\ Learn(t.a)
  /\ mem'[t.a].commit = t.s

(* On disk by itself, without a vote: a vote that was lost would have brought it there, too. *)
Forcing(t) ==
  /\ disk' = [disk EXCEPT ![t.a] = mem[t.a]]
  /\ UNCHANGED <<mem, away, lead, proposed, promises, votes, decided, crashes, damages, wipes>>

Restarting(t) ==
  /\ \/ disk[t.a] = mem[t.a] /\ UNCHANGED vars
     \/ disk[t.a] # mem[t.a] /\ Crash(t.a)
  /\ mem'[t.a].promised = t.promised
  /\ mem'[t.a].commit = t.commit
  /\ \A s \in Slots : s > t.commit => mem'[t.a].acc[s] = HeldAt(t.held, s)

Step(t) ==
  CASE t.op = "promised"  -> Promises(t)
    [] t.op = "answered"  -> Answers(t)
    [] t.op = "leads"     -> Leading(t)
    [] t.op = "proposed"  -> Proposing(t)
    [] t.op = "accepted"  -> Accepting(t)
    [] t.op = "voted"     -> Voting(t)
    [] t.op = "counted"   -> Counting(t)
    [] t.op = "learnt"    -> Learning(t)
    [] t.op = "forced"    -> Forcing(t)
    [] t.op = "restarted" -> Restarting(t)

TraceInit == Init /\ line = 1

TraceNext == line <= Len(Trace) /\ Step(Line) /\ line' = line + 1
===============================================================================
