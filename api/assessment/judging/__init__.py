"""From what was heard to a judgement: pure measures and rules, without database, network or clock."""
