"""Import of sheets of registrations, in steps that can be taken back."""
