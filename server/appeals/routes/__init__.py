"""Pages of appeals: the commission's, the offices', the candidate's own."""
