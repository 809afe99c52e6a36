--------------------------------- MODULE Leases --------------------------------
(***************************************************************************)
(* The time in leader leases. Reads.tla has reads under a lease and takes  *)
(* for granted that the holder stops counting a grant before it runs out   *)
(* where it was given (HolderStopsFirst). Here are clocks, messages that   *)
(* take time, and processes that stand still or start anew; checked is     *)
(* that nobody else can have been elected while the leader counts on       *)
(* enough grants.                                                          *)
(*                                                                         *)
(* One membership, one leader, whose ballot is below all others: whoever   *)
(* promises, promises somebody else. Each node has a clock, all of which   *)
(* go on by steps of one and are never more than Apart from one another:   *)
(* between any two moments one of them has gone on by at most 2 * Apart    *)
(* more than another. That is the bound on their rates, over the length of *)
(* a lease. A process knows the time of when it looked last, which may be  *)
(* any earlier one. Where the rules make that harmless it is left out, as  *)
(* the present time allows more: an earlier time of asking ends a lease    *)
(* sooner, an earlier one at who granted keeps a promise back for longer.  *)
(***************************************************************************)
EXTENDS Integers, FiniteSets, Sequences, TLC

CONSTANTS
  Others,        \* the nodes but for the leader
  PrepareQuorum,
  Length,        \* ticks that whoever grants counts
  Counted,       \* ticks that the leader counts
  Wait,          \* ticks that whoever starts promises nothing
  Apart, MaxTime, MaxBeats, MaxCrashes,
  \* the rules
  EnoughGrants,  \* with its own word the leader has n - PrepareQuorum + 1; off: one fewer
  GrantBlocks,   \* while a grant runs a node promises nobody
  FromAsked,     \* the leader counts from when it asked; off: from when it hears the answer
  FromNextLook,  \* who grants counts from when it next looks at its clock; off: from when it looked last
  FreshCheck,    \* the leader looks at its clock when it checks; off: it goes by when it looked last, which may be any time
  GiveUpStops,   \* a leader that hands over counts on nothing
  GiveUpForgets  \* nor on answers that come later

Leader == "leader"
Nodes  == Others \cup {Leader}
Times  == 0..MaxTime

VARIABLES
  clock,        \* node -> what its clock shows
  asked,        \* heartbeat -> when the leader sent it, as it knew
  granted,      \* pairs of node and heartbeat: answers
  counts,       \* node -> until when the leader counts on it
  until,        \* node -> until when its grant runs; 0 for none
  wait,         \* node -> until when it promises nothing, after a start
  promised,     \* who has promised somebody else
  givenUp, crashes

vars == <<clock, asked, granted, counts, until, wait, promised, givenUp, crashes>>

Max(a, b) == IF a > b THEN a ELSE b

Init ==
  /\ clock = [n \in Nodes |-> 0]
  /\ asked = <<>> /\ granted = {} /\ counts = [n \in Others |-> 0]
  /\ until = [n \in Others |-> 0] /\ wait = [n \in Others |-> 0]
  /\ promised = {} /\ givenUp = FALSE /\ crashes = 0

Tick(n) ==
  /\ clock[n] < MaxTime /\ \A m \in Nodes : clock[n] + 1 - clock[m] <= Apart
  /\ clock' = [clock EXCEPT ![n] = @ + 1]
  /\ UNCHANGED <<asked, granted, counts, until, wait, promised, givenUp, crashes>>

Beat ==
  /\ ~givenUp /\ Len(asked) < MaxBeats
  /\ asked' = Append(asked, clock[Leader])
  /\ UNCHANGED <<clock, granted, counts, until, wait, promised, givenUp, crashes>>

(* A node that promised somebody else refuses what a lower ballot sends. *)
Grant(n, b) ==
  /\ n \notin promised /\ <<n, b>> \notin granted
  /\ granted' = granted \cup {<<n, b>>}
  /\ \E looked \in IF FromNextLook THEN {clock[n]} ELSE 0..clock[n] :
       until' = [until EXCEPT ![n] = Max(@, looked + Length)]
  /\ UNCHANGED <<clock, asked, counts, wait, promised, givenUp, crashes>>

Count(n, b) ==
  /\ GiveUpForgets => ~givenUp
  /\ <<n, b>> \in granted
  /\ counts' = [counts EXCEPT ![n] = Max(@, (IF FromAsked THEN asked[b] ELSE clock[Leader]) + Counted)]
  /\ counts' # counts
  /\ UNCHANGED <<clock, asked, granted, until, wait, promised, givenUp, crashes>>

(* The leader hands over, and says so to whoever granted. *)
GiveUp ==
  /\ ~givenUp /\ givenUp' = TRUE
  /\ counts' = IF GiveUpStops THEN [n \in Others |-> 0] ELSE counts
  /\ UNCHANGED <<clock, asked, granted, until, wait, promised, crashes>>

Free(n) ==
  /\ givenUp /\ until[n] > 0
  /\ until' = [until EXCEPT ![n] = 0]
  /\ UNCHANGED <<clock, asked, granted, counts, wait, promised, givenUp, crashes>>

Promise(n) ==
  /\ n \notin promised
  /\ GrantBlocks => clock[n] >= until[n] /\ clock[n] >= wait[n]
  /\ promised' = promised \cup {n}
  /\ UNCHANGED <<clock, asked, granted, counts, until, wait, givenUp, crashes>>

(* It starts at once, looks at its clock, and does not know what it has granted. What it promised is on its disk. *)
Crash(n) ==
  /\ crashes < MaxCrashes /\ crashes' = crashes + 1
  /\ until[n] > 0
  /\ until' = [until EXCEPT ![n] = 0]
  /\ wait' = [wait EXCEPT ![n] = clock[n] + Wait]
  /\ UNCHANGED <<clock, asked, granted, counts, promised, givenUp>>

Next ==
  \/ \E n \in Nodes : Tick(n)
  \/ \E n \in Others : Promise(n) \/ Free(n) \/ Crash(n)
                       \/ \E b \in DOMAIN asked : Grant(n, b) \/ Count(n, b)
  \/ Beat \/ GiveUp

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* What must hold. The leader itself promises nobody while it leads.       *)
(***************************************************************************)
Counting == {n \in Others : (IF FreshCheck THEN clock[Leader] ELSE 0) < counts[n]}
Enough   == Cardinality(Others) + 1 - PrepareQuorum + (IF EnoughGrants THEN 1 ELSE 0)
Holds    == Cardinality(Counting) + 1 >= Enough
Elected  == Cardinality(promised) >= PrepareQuorum

Alone == Holds => ~Elected

(* Not to hold: shows that the model gets somewhere. *)
NeverHolds        == ~Holds
NobodyElectedLate == ~(Elected /\ \E n \in promised : \E b \in DOMAIN asked : <<n, b>> \in granted)
================================================================================
