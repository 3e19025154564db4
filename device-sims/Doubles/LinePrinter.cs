using System.Globalization;
using System.Text;
using EdgeHub.DeviceSims.Chance;

namespace EdgeHub.DeviceSims.Doubles;

/// <summary>A home-made box of the kind many have: each second a line <c>no2,temperature*XX</c>, XX the exclusive or of what stands before the star.</summary>
public sealed class LinePrinter : DeviceDouble
{
    readonly Signal gas;
    readonly Signal temperature;
    readonly TimeSpan pace;

    public LinePrinter(string sensorId, ulong seed, TimeSpan? pace = null)
        : base(sensorId, "line-printer", seed)
    {
        this.pace = pace ?? TimeSpan.FromSeconds(1);
        gas = Add(new Quantity("no2", "[ppb]"), new ValueRange(0, 50, 900, 65_000), stepsPerUnit: 10);
        temperature = Add(new Quantity("temperature", "Cel"), new ValueRange(-4000, 1200, 2600, 8500), stepsPerUnit: 100);
    }

    public override TimeSpan? Pace => pace;

    public override Emission? Speak()
    {
        Sample[] samples = [gas.Next(), temperature.Next()];
        var text = string.Create(CultureInfo.InvariantCulture, $"{samples[0].Sent.Value},{samples[1].Sent.Value}");
        return new Emission(Encoding.ASCII.GetBytes($"{text}*{text.Aggregate(0, (all, letter) => all ^ letter):X2}\r\n"), [.. samples.Select(sample => sample.Sent)]);
    }
}
