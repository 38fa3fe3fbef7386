"""The names of the cookies of staff: a signed-in browser's token, and a known browser's, one for each login.

Without the database neither means anything."""

STAFF_COOKIE = "synak_staff"
BROWSER_COOKIE = "synak_browser_"
