/// The names of one body or block. There are seldom more than a few, and then it is quicker to look
/// at each than to ask a dictionary.
struct Scope {
  private var names: [String] = []
  private var ids: [LocalID] = []
  /// Of many names, their places.
  private var places: [String: Int] = [:]

  /// More of them than this are found by a dictionary.
  private static let greatestFewCount = 8

  /// In the order of their declaration.
  var declared: some Sequence<(name: String, id: LocalID)> {
    zip(names, ids).lazy.map { (name: $0, id: $1) }
  }

  subscript(_ name: String) -> LocalID? {
    get { place(of: name).map { ids[$0] } }
    set {
      if let place = place(of: name) {
        guard let newValue else { return remove(place) }
        ids[place] = newValue
      } else if let newValue {
        names.append(name)
        ids.append(newValue)
        if names.count > Self.greatestFewCount { note() }
      }
    }
  }

  private func place(of name: String) -> Int? {
    if names.count > Self.greatestFewCount { return places[name] }
    for place in names.indices where names[place] == name { return place }
    return nil
  }

  private mutating func note() {
    if places.isEmpty {
      for (place, name) in names.enumerated() { places[name] = place }
    } else {
      places[names[names.count - 1]] = names.count - 1
    }
  }

  private mutating func remove(_ place: Int) {
    let name = names.remove(at: place)
    ids.remove(at: place)
    if place == names.count, names.count > Self.greatestFewCount {
      places[name] = nil
    } else {
      places = [:]
      if names.count > Self.greatestFewCount { note() }
    }
  }
}
