"""Does the model fit: each item on complete data (`sx2`), each on adaptive data (`adaptive`), the whole (`m2`)."""
