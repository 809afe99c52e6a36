------------------------------ MODULE SessionsMC ------------------------------
(* Bounds for Sessions. *)
EXTENDS Sessions
OneClient  == {1}
TwoClients == {1, 2}
Three      == <<3>>
Two        == <<2>>
TwoAndTwo  == <<2, 2>>
TwoAndOne  == <<2, 1>>
===============================================================================
