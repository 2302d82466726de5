"""L3: every report of a run, from one result model. Nothing here knows pytest."""
