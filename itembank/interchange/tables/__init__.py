"""Tables of simple items, one a row: XLSX and CSV in, XLSX out, and the form that writers fill in."""
