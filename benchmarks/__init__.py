"""Measurements that take minutes; each says what it measured, and what one of its things cost."""
