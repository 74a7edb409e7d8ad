"""Running an installation: people, organisations, jobs, health, settings, maintenance."""
