-- Charges whose job was reported as failed, found without looking at all that succeeded.

CREATE INDEX outcome_failed ON outcome (charge) WHERE outcome = 0;
