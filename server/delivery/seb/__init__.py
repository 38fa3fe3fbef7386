"""Safe Exam Browser: settings, their Config Key, the .seb file and the check of a request.

All of it is pure but `models` and `routes`; the commands are in `server.delivery.service.browsers`."""
