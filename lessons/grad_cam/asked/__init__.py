"""What is predicted: a picture of three channels, the weights of two channels, their Grad-CAM."""
