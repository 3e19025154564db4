using EdgeHub.Edge.Sensors;

namespace EdgeHub.Edge.Finding;

/// <summary>What <c>edgehub drivers --json</c> says of one driver.</summary>
/// <param name="Word">What to write as a sensor's <c>driver</c>.</param>
/// <param name="Ports">Schemes of the ports it works on; none where it brings a line of its own.</param>
/// <param name="Models">Make and model, each with the document it was written from.</param>
/// <param name="Quantities">What it yields; empty where the configuration decides.</param>
sealed record DriverReport(string Word, string Summary, IReadOnlyList<string> Ports, double IntervalSeconds, double WarmUpSeconds, IReadOnlyList<ModelReport> Models, IReadOnlyList<DriverKey> Keys, IReadOnlyList<QuantityReport> Quantities)
{
    public static DriverReport Of(Driver driver) => new(
        driver.Word,
        driver.Summary,
        driver.Ports.Schemes(),
        driver.Interval.TotalSeconds,
        driver.WarmUp.TotalSeconds,
        [.. driver.Models.Select(model => new ModelReport(model.ToString(), model.Source))],
        driver.Keys,
        [.. driver.Quantities.Select(of => new QuantityReport(of.Quantity, of.Unit, Finite(of.Minimum), Finite(of.Maximum)))]);

    static double? Finite(double limit) => double.IsFinite(limit) ? limit : null;
}

/// <summary>An instrument that a driver was written for.</summary>
sealed record ModelReport(string Model, string Source);

/// <summary>A quantity of a driver, its unit in UCUM; a limit that the instrument does not have is null.</summary>
sealed record QuantityReport(string Quantity, string Unit, double? Minimum, double? Maximum);
