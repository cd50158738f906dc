# Serve the first release of all: nothing happens where one is served by now, or the claim was lost.
PREFIX store: <https://w3id.org/kakehashi/store#>

INSERT { GRAPH $current { $current store:serves $release } }
WHERE {
  GRAPH $claims { $claims store:claimedBy $claim }
  FILTER NOT EXISTS { GRAPH $current { $current store:serves ?any } }
}
