"""Custom actions: one thin module a subject. They read slots, call bot/ and utter."""
