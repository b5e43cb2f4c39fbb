"""What may happen: process definitions as frozen values, their strict loader, their proofs and the pure machine."""
