"""Pretests: plans by which new items are tried out, unscored, inside operational tests."""
