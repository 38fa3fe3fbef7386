"""Tools of the candidate's page: which an edition lets sittings offer, and which a sitting does (DC-15)."""
