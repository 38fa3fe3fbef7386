"""Valid reasons for an absence (DC-16): which are on record; the commands are in `service.absences`."""
