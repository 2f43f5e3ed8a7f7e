"""Many runs: a design becomes a plan, the plan becomes chunks, and what is done is what is on disk."""
