import Interpreter
import Tensors

/// Products, decompositions and equations. Matrices are the last two axes.
func registerLinearAlgebra(_ catalogue: inout Catalogue) {
  catalogue.add(
    "dot", "(a, b)", .linearAlgebra, "Σ aᵢ·bᵢ, the sum of products of two vectors of one length; for matrices use `@`.",
    example: "dot([1, 2, 3], [4, 5, 6])  # 32"
  ) { a, _ in .tensor(try a.tensor(0).dot(a.tensor(1))) }

  catalogue.add(
    "outer", "(a, b)", .linearAlgebra,
    "The matrix of all products of an element of `a` (rows) and one of `b` (columns).",
    example: "outer([1, 2], [3, 4])  # [[3, 4],\n#  [6, 8]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).outer(a.tensor(1))) }

  catalogue.add(
    "einsum", "(specification, ...tensors)", .linearAlgebra,
    """
    Einstein's sum: a letter for each axis, letters that are missing after `->` are summed over.

    `einsum("bij,bjk->bik", a, b)` is the batched matrix product. A letter that stands twice on one operand means its
    diagonal; `...` stands for any further axes. Without `->` the result has the letters that occur once, in
    alphabetical order, after those of `...`.
    """, example: #"einsum("ij,j->i", [1, 2; 3, 4], [1, 1])  # [3, 7]  # 2"#
  ) { a, _ in .tensor(try Tensor.einsum(a.string(0), a.tensors(1))) }

  catalogue.add(
    "trace", "(x)", .linearAlgebra, "Σ xᵢᵢ, the sum of the diagonal of a matrix.", example: "trace([1, 2; 3, 4])  # 5"
  ) { a, _ in .tensor(try a.tensor(0).trace()) }

  catalogue.add(
    "det", "(x)", .linearAlgebra, "The determinant of a square matrix. (LAPACK `getrf`.)",
    example: "det([2, 0; 0, 3])  # 6"
  ) { a, _ in .tensor(try a.tensor(0).det()) }

  catalogue.add(
    "inverse", "(x)", .linearAlgebra,
    "The inverse of a square matrix; a singular one is a value error. (LAPACK `getri`.)",
    example: "inverse([2, 0; 0, 4])  # [[0.5, 0],\n#  [0, 0.25]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).inverse()) }

  catalogue.add(
    "solve", "(a, b)", .linearAlgebra, "The x for which `a @ x` is `b`; `b` is a vector or a matrix. (LAPACK `gesv`.)",
    example: "solve([2, 0; 0, 4], [2, 2])  # [1, 0.5]  # 2"
  ) { a, _ in .tensor(try a.tensor(0).solve(a.tensor(1))) }

  catalogue.add(
    "svd", "(x)", .linearAlgebra,
    "The singular values, thin form: (u, s, vt) with `u @ diag(s) @ vt` equal to x, s falling. (LAPACK `gesdd`.)",
    example: "svd([3, 0; 0, 2])[1]  # [3, 2]  # 2"
  ) { a, _ in
    let (u, s, vt) = try a.tensor(0).svd()
    return .items([.tensor(u), .tensor(s), .tensor(vt)])
  }

  catalogue.add(
    "eigh", "(x)", .linearAlgebra,
    "The eigenvalues, rising, and eigenvectors (columns) of a symmetric matrix. (LAPACK `syevd`.)",
    example: "eigh([2, 0; 0, 1])[0]  # [1, 2]  # 2"
  ) { a, _ in
    let (values, vectors) = try a.tensor(0).eigh()
    return .items([.tensor(values), .tensor(vectors)])
  }

  catalogue.add(
    "qr", "(x)", .linearAlgebra,
    "(q, r) with `q @ r` equal to x, q with orthonormal columns, r upper triangular; thin form. (LAPACK `geqrf`, `orgqr`.)",
    example: "len(qr([1, 2; 3, 4]))  # 2"
  ) { a, _ in
    let (q, r) = try a.tensor(0).qr()
    return .items([.tensor(q), .tensor(r)])
  }

  catalogue.add(
    "cholesky", "(x)", .linearAlgebra,
    "The lower triangular l with `l @ l.T` equal to a symmetric positive definite matrix. (LAPACK `potrf`.)",
    example: "cholesky([4, 0; 0, 9])  # [[2, 0],\n#  [0, 3]]  # 2×2"
  ) { a, _ in .tensor(try a.tensor(0).cholesky()) }
}
