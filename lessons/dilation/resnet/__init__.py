"""A ResNet, built to be measured: sizes, fields, gradients."""
