# Serve a release instead of the former one: nothing happens where another is served by now, or the claim was lost.
PREFIX store: <https://w3id.org/kakehashi/store#>

DELETE { GRAPH $current { $current store:serves $former } }
INSERT { GRAPH $current { $current store:serves $release } }
WHERE {
  GRAPH $current { $current store:serves $former }
  GRAPH $claims { $claims store:claimedBy $claim }
}
