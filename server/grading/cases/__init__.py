"""Cases of candidates as the offices meet them: what the record says of each, its decision, its place in a sitting."""
