"""What is measured; every function here is small enough to check by hand."""
