------------------------------- MODULE Sessions -------------------------------
(***************************************************************************)
(* Exactly once: sessions over an agreed log.                              *)
(*                                                                         *)
(* The log is abstracted to what sessions may rely on: every node applies  *)
(* the same slots in the same order. WHAT is chosen is left wide open: any *)
(* command a client may ever have sent can be chosen in any slot, any      *)
(* number of times, in any order, or not at all. So lost, late, repeated   *)
(* and reordered commands, a new leader's no-op in the middle of what a    *)
(* client sent, and an older leader's value kept there are all covered.    *)
(*                                                                         *)
(* Modelled: clients with several commands in flight; nodes that apply at  *)
(* their own pace, take snapshots and restart from them; eviction of the   *)
(* session used least recently when a new one opens and the table is full. *)
(* A command's reply is its place among all commands executed.             *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets, TLC

CONSTANTS
  Nodes, Restarting, \* nodes; those of them that take snapshots and restart
  Clients,           \* naturals: 1, 2, ..
  NumCommands,       \* NumCommands[c]: each client has commands 1, 2, ..
  NumSlots,
  InFlight,          \* commands a client sends beyond those answered in order
  MaxReplies,        \* replies a session may hold
  MaxSessions,
  \* the rules
  OnlyNext,          \* a command takes effect only if its sequence is last + 1
  OnceOnly,          \* a lower one gets its cached reply, nothing else
  GapNotCached,      \* the answer "gap" is not kept as the reply to that sequence
  TrimByAwaited,     \* replies are trimmed below the lowest sequence awaited, not below the command's own
  AwaitLowest,       \* that is the lowest whose reply the client lacks, not the one after the highest it has
  RefuseWhenFull,    \* a session full of replies refuses a command rather than drop a reply
  EvictByLog,        \* sessions are evicted by the order of the log, not when a node finds it time
  ExpiredNeverRuns,  \* a command for an evicted session has no effect
  NoNewSession,      \* no client resends by itself what it does not know the outcome of under a new session
  SnapshotHasSessions \* a snapshot holds the session table beside the state

Slots == 1..NumSlots
None  == 0
Gap   == -1
Most  == CHOOSE m \in {NumCommands[c] : c \in Clients} : \A c \in Clients : NumCommands[c] <= m
Sequences == 1..Most

VARIABLES
  log,    \* slot -> what was chosen; emptied where no node needs it any more
  length, \* slots chosen
  node,   \* node -> [applied, table, done]
  snap,   \* node -> its latest snapshot, of the same form
  client  \* client -> [nonce, session, got, base]

vars == <<log, length, node, snap, client>>

Max(S) == CHOOSE x \in S : \A y \in S : y <= x
Min(S) == CHOOSE x \in S : \A y \in S : x <= y

NoEntry   == [kind |-> "none"]
NoReplies == [q \in Sequences |-> None]
NoSession == [c |-> 0, nonce |-> 0, last |-> 0, replies |-> NoReplies, used |-> 0]
NoTable   == [s \in Slots |-> NoSession]
Fresh     == [applied |-> 0, table |-> NoTable, done |-> <<>>]

Init ==
  /\ log = [s \in Slots |-> NoEntry] /\ length = 0
  /\ node = [n \in Nodes |-> Fresh] /\ snap = [n \in Nodes |-> Fresh]
  /\ client = [c \in Clients |-> [nonce |-> 1, session |-> 0, got |-> NoReplies, base |-> 0]]

(***************************************************************************)
(* What a client may have sent. Command k of a client has sequence k in    *)
(* its session; base is 0 unless a rule is off and it went on in a second. *)
(***************************************************************************)
Lacking(c) == {k \in 1..NumCommands[c] : client[c].got[k] = None}
Awaited(c) ==
  LET has == {k \in 1..NumCommands[c] : client[c].got[k] # None}
  IN  IF AwaitLowest THEN Min(Lacking(c) \cup {NumCommands[c] + 1}) ELSE Max(has \cup {0}) + 1

Open(c) == [kind |-> "open", c |-> c, nonce |-> client[c].nonce]

(* It may say of each command any lowest awaited sequence it had so far. *)
Commands(c) ==
  IF client[c].session = 0 THEN {}
  ELSE {[kind |-> "command", c |-> c, session |-> client[c].session, q |-> q, awaited |-> a] :
          q \in 1..Min({NumCommands[c], Awaited(c) + InFlight - 1} \cup {Most}) - client[c].base,
          a \in 1..Awaited(c)}

Sent == {Open(c) : c \in Clients}
        \cup UNION {{m \in Commands(c) : m.awaited <= m.q} : c \in Clients}

(***************************************************************************)
(* A node applies the next slot. st is what it holds, s the slot.          *)
(***************************************************************************)
IsOpen(st, s) == st.table[s].c # 0
Sessions(st)  == {s \in Slots : IsOpen(st, s)}

OpenSession(st, s, m) ==
  LET known == {t \in Sessions(st) : st.table[t].c = m.c /\ st.table[t].nonce = m.nonce}
      new == [c |-> m.c, nonce |-> m.nonce, last |-> 0, replies |-> NoReplies, used |-> s]
      oldest == CHOOSE t \in Sessions(st) : \A u \in Sessions(st) : st.table[t].used <= st.table[u].used
      room == IF Cardinality(Sessions(st)) < MaxSessions THEN st.table ELSE [st.table EXCEPT ![oldest] = NoSession]
  IN  IF known # {} THEN st ELSE [st EXCEPT !.table = [room EXCEPT ![s] = new]]

(* Which of its client's commands this is: sequence q of a second session goes on where the first ended. *)
Which(m) == [c |-> m.c, k |-> m.q + client[m.c].base]

Execute(st, m, session) ==
  LET reply == Len(st.done) + 1
  IN  [st EXCEPT !.done = Append(@, Which(m)),
                 !.table[m.session] = [session EXCEPT !.replies[m.q] = reply,
                                                      !.last = Max({@, m.q})]]

Refuse(st, m, session) == [st EXCEPT !.table[m.session] = session]

DropOldest(session) ==
  LET kept == {q \in Sequences : session.replies[q] # None}
  IN  [session EXCEPT !.replies[Min(kept)] = None]

Command(st, s, m) ==
  LET held  == st.table[m.session]
      below == IF TrimByAwaited THEN m.awaited ELSE m.q
      now   == [held EXCEPT !.used = s,
                  !.replies = [q \in Sequences |-> IF q < below THEN None ELSE @[q]]]
      full  == Cardinality({q \in Sequences : now.replies[q] # None}) >= MaxReplies
  IN  IF ~IsOpen(st, m.session)
      THEN IF ExpiredNeverRuns THEN st ELSE [st EXCEPT !.done = Append(@, Which(m))]
      ELSE IF OnceOnly /\ m.q <= now.last THEN Refuse(st, m, now)
      ELSE IF ~GapNotCached /\ now.replies[m.q] = Gap THEN Refuse(st, m, now)
      ELSE IF OnlyNext /\ m.q > now.last + 1
           THEN Refuse(st, m, IF GapNotCached THEN now ELSE [now EXCEPT !.replies[m.q] = Gap])
      ELSE IF ~full THEN Execute(st, m, now)
      ELSE IF RefuseWhenFull THEN Refuse(st, m, now)
      ELSE Execute(st, m, DropOldest(now))

Applied(st, m) ==
  LET s == st.applied + 1
      next == IF m.kind = "open" THEN OpenSession(st, s, m) ELSE Command(st, s, m)
  IN  [next EXCEPT !.applied = s]

(* What every node has in a snapshot or has applied is needed no more. *)
Shortened(chosen, nodes, snaps) ==
  LET low == Min({snaps[n].applied : n \in Restarting} \cup {nodes[n].applied : n \in Nodes})
  IN  [s \in Slots |-> IF s <= low THEN NoEntry ELSE chosen[s]]

(* What can be chosen only grows, so a slot may as well be chosen when the first node applies it. *)
ChooseAndApply(n) ==
  /\ node[n].applied = length /\ length < NumSlots
  /\ length' = length + 1
  /\ \E m \in Sent :
       /\ node' = [node EXCEPT ![n] = Applied(node[n], m)]
       /\ log' = Shortened([log EXCEPT ![length + 1] = m], node', snap)
  /\ UNCHANGED <<snap, client>>

Apply(n) ==
  /\ node[n].applied < length
  /\ node' = [node EXCEPT ![n] = Applied(node[n], log[node[n].applied + 1])]
  /\ log' = Shortened(log, node', snap)
  /\ UNCHANGED <<length, snap, client>>

EvictAlone(n) ==
  /\ ~EvictByLog
  /\ \E s \in Sessions(node[n]) : node' = [node EXCEPT ![n].table[s] = NoSession]
  /\ UNCHANGED <<log, length, snap, client>>

TakeSnapshot(n) ==
  /\ snap[n].applied < node[n].applied
  /\ snap' = [snap EXCEPT ![n] = node[n]]
  /\ log' = Shortened(log, node, snap')
  /\ UNCHANGED <<length, node, client>>

Restart(n) ==
  /\ snap[n].applied < node[n].applied \/ ~SnapshotHasSessions
  /\ node' = [node EXCEPT ![n] = IF SnapshotHasSessions THEN snap[n] ELSE [snap[n] EXCEPT !.table = NoTable]]
  /\ UNCHANGED <<log, length, snap, client>>

(***************************************************************************)
(* A client hears a node, any node: an old leader answers too.             *)
(***************************************************************************)
HearOpened(c, n) ==
  /\ client[c].session = 0
  /\ \E s \in Sessions(node[n]) :
       /\ node[n].table[s].c = c /\ node[n].table[s].nonce = client[c].nonce
       /\ client' = [client EXCEPT ![c].session = s]
  /\ UNCHANGED <<log, length, node, snap>>

HearReply(c, n) ==
  LET s == client[c].session
  IN  /\ s # 0 /\ IsOpen(node[n], s)
      /\ \E q \in Sequences :
           /\ node[n].table[s].replies[q] # None /\ q + client[c].base \in Lacking(c)
           /\ client' = [client EXCEPT ![c].got[q + client[c].base] = node[n].table[s].replies[q]]
      /\ UNCHANGED <<log, length, node, snap>>

(* With the rule on, a client that hears "expired" tells its caller that the outcome is unknown, and that is all. *)
HearExpired(c, n) ==
  LET s == client[c].session
  IN  /\ ~NoNewSession /\ client[c].nonce = 1
      /\ s # 0 /\ node[n].applied >= s /\ ~IsOpen(node[n], s) /\ Lacking(c) # {}
      /\ client' = [client EXCEPT ![c].nonce = 2, ![c].session = 0, ![c].base = Min(Lacking(c)) - 1]
      /\ UNCHANGED <<log, length, node, snap>>

Next ==
  \/ \E n \in Nodes : ChooseAndApply(n) \/ Apply(n) \/ EvictAlone(n)
  \/ \E n \in Restarting : TakeSnapshot(n) \/ Restart(n)
  \/ \E c \in Clients, n \in Nodes : HearOpened(c, n) \/ HearReply(c, n) \/ HearExpired(c, n)

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* What must hold.                                                         *)
(***************************************************************************)
Of(n, c) == SelectSeq(node[n].done, LAMBDA d : d.c = c)

ExactlyOnce ==
  \A n \in Nodes : \A i, j \in DOMAIN node[n].done : i # j => node[n].done[i] # node[n].done[j]

InOrder == \A n \in Nodes, c \in Clients : \A i \in DOMAIN Of(n, c) : Of(n, c)[i].k = i

(* A reply is final: it is the one of the execution, on every node that executed that far. *)
EqualReplies ==
  \A c \in Clients, k \in Sequences :
    LET r == client[c].got[k]
    IN  r # None =>
          /\ r > 0
          /\ \E n \in Nodes : Len(node[n].done) >= r \/ Len(snap[n].done) >= r \/ node[n].applied < length
          /\ \A n \in Nodes : \A i \in DOMAIN node[n].done :
               (node[n].done[i] = [c |-> c, k |-> k]) <=> i = r

(* While a session lives, each reply that its client still lacks is kept. *)
NoReplyLost ==
  \A n \in Nodes : \A s \in Sessions(node[n]) :
    LET session == node[n].table[s]
    IN  \A q \in 1..session.last :
          client[session.c].session = s /\ q + client[session.c].base \in Lacking(session.c) => session.replies[q] # None

SameTables == \A m, n \in Nodes : node[m].applied = node[n].applied => node[m] = node[n]

(* Not to hold: shows that the model gets somewhere. *)
NobodyHasAll == \E c \in Clients : Lacking(c) # {}
NobodyGoesOnAfterGap ==
  ~ \E c \in Clients, n \in Nodes :
      /\ Len(Of(n, c)) = NumCommands[c] /\ node[n].applied > 1 + NumCommands[c] /\ client[c].got[1] # None
NobodyExpires ==
  ~ \E c \in Clients, n \in Nodes :
      LET s == client[c].session
      IN  s # 0 /\ node[n].applied >= s /\ ~IsOpen(node[n], s) /\ Len(Of(n, c)) > 0
===============================================================================
