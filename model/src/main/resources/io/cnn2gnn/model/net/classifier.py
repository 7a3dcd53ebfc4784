# What an image says of itself: two linear layers, z = relu(x W1 + b1) W2 + b2.
def classify(self, x: Tensor) -> Tensor:
    h = torch.relu(torch.matmul(x, self.w1) + self.b1)
    return torch.matmul(h, self.w2) + self.b2
