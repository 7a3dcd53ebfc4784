def forward(self, z: Tensor, v: Tensor, known: Tensor, told_v: Tensor, told_y: Tensor,
            told_m: Tensor, told_from: Tensor, shown_v: Tensor, shown_y: Tensor, heard_v: Tensor, heard_q: Tensor,
            own: Tensor, heard_from: Tensor, fresh: Tensor) -> Tuple[Tensor, Tensor]:
    (third, first, alone, i1, d1, p1, r1, i2, d2, p2, r2, i3, d3, p3, r3, q, e1, e2, share, s1, s2, shift) = self.evidence(
        z, v, known, told_v, told_y, told_m, told_from, shown_v, shown_y, heard_v, heard_q, own, heard_from,
        fresh)
    return self.left_out(third, first, e1, e2, share, i3.narrow(1, 0, MANY), p3, r3, q)
