"""A made-up school of any size, for screens, benches and demonstrations in the embedded stack."""
