extension BundledSets {
  /// What the columns and classes of the bundled sets mean, and where the data come from.
  enum descriptions {
    static let digits = Description(
      names: (0..<8).flatMap { row in (0..<8).map { "pixel \(row),\($0)" } }, classes: (0..<10).map(String.init),
      about: """
        1,797 handwritten digits of 13 people: 8×8 images as rows of 64, values 0 (white) to 16 (black); y is the digit. \
        The test part of E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, 1998, UCI Machine \
        Learning Repository, CC BY 4.0.
        """)

    static let iris = Description(
      names: ["sepal length", "sepal width", "petal length", "petal width"],
      classes: ["setosa", "versicolor", "virginica"],
      about: """
        150 iris flowers: length and width of sepal and petal in centimetres; y is the species, 50 of each. R. A. Fisher, \
        The use of multiple measurements in taxonomic problems, 1936; UCI Machine Learning Repository, CC BY 4.0.
        """)

    static let wine = Description(
      names: [
        "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "total phenols", "flavanoids",
        "nonflavanoid phenols", "proanthocyanins", "color intensity", "hue", "od280/od315 of diluted wines", "proline",
      ], classes: ["grower 1", "grower 2", "grower 3"],
      about: """
        178 wines of one region in Italy, 13 chemical measurements each; y is the grower. S. Aeberhard and M. Forina, \
        Wine, 1992, UCI Machine Learning Repository, CC BY 4.0.
        """)

    static let breastCancer = Description(
      names: ["mean", "error of", "worst"].flatMap { statistic in
        [
          "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points",
          "symmetry",
          "fractal dimension",
        ].map { "\(statistic) \($0)" }
      }, classes: ["malignant", "benign"],
      about: """
        569 breast tumours, 30 measurements of the cell nuclei in an image of each (mean, standard error and worst of \
        ten); y is 0 for malignant, 1 for benign. W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast Cancer \
        Wisconsin (Diagnostic), 1993, UCI Machine Learning Repository, CC BY 4.0.
        """)

    static let diabetes = Description(
      names: ["age", "sex", "bmi", "blood pressure", "s1", "s2", "s3", "s4", "s5", "s6"],
      about: """
        442 patients: age in years, sex (1 or 2), body mass index, mean blood pressure, and six measurements of the blood \
        serum, as measured (use standardize); y is the progress of the disease after a year. B. Efron, T. Hastie, \
        I. Johnstone and R. Tibshirani, Least Angle Regression, 2004.
        """)
  }
}
