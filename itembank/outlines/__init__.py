"""Tests that came with imported packages: what they consist of by codes, and blueprints begun like them."""
