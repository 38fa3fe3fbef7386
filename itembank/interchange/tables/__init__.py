"""Tables of simple items, one a row: XLSX and CSV in, XLSX and CSV out, and the form that writers fill in."""
