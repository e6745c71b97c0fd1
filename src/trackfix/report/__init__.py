"""What trackfix found or did, one file for each output format."""
