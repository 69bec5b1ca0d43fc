"""The coefficients of one node: the matrix by which its backward multiplies."""
