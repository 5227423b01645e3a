/// The example data sets, compressed, inside the binary.
///
/// They stand in a module of their own because the compiler takes seconds over the arrays that SwiftPM makes of them,
/// and should do so once.
public enum BundledData {
  /// A file that is part of the binary.
  public enum File: CaseIterable, Sendable {
    case digits, iris, wine, breastCancer, diabetes, shakespeare
  }

  /// The gzip bytes of a file: rows of numbers with commas, the target last; for `shakespeare` a text.
  public static func compressed(_ file: File) -> [UInt8] {
    switch file {
    case .digits: PackageResources.digits_csv_gz
    case .iris: PackageResources.iris_csv_gz
    case .wine: PackageResources.wine_csv_gz
    case .breastCancer: PackageResources.breast_cancer_csv_gz
    case .diabetes: PackageResources.diabetes_csv_gz
    case .shakespeare: PackageResources.shakespeare_txt_gz
    }
  }
}
