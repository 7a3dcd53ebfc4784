# COUNT in a comment is none.
def sum(self, x: Tensor) -> Tensor:
    x = x.to(FLOAT32) + COUNT
    if DECIDED:
        x = x + self.nowhere
    for number, flag in zip(NUMBERS, FLAGS):
        if flag:
            x = x + number
    return x
