"""Decisions as pure, vectorised functions of what the decider knows."""
