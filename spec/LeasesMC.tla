------------------------------- MODULE LeasesMC --------------------------------
(* Bounds for Leases. *)
EXTENDS Leases
CONSTANTS n1, n2, n3, n4

Two  == {n1, n2}
Four == {n1, n2, n3, n4}

AllAlike == Permutations(Others)
================================================================================
