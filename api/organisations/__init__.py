"""Programs of an organisation, who takes part in them, and how people come in."""
