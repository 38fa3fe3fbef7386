"""Drafts of blueprints: written, compared with last year's, proposed to the year's commission, signed and published."""
