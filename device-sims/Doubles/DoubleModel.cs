namespace EdgeHub.DeviceSims.Doubles;

/// <summary>One kind of double.</summary>
/// <param name="Name">As a scenario names it.</param>
/// <param name="ExampleAddress">An address on a shared bus as its protocol writes it; null for a device alone on its line.</param>
/// <param name="Make">Makes one.</param>
/// <exception cref="FormatException">From <paramref name="Make"/>: the address is none of this protocol; the message is a sentence with the fix.</exception>
public sealed record DoubleModel(string Name, string? ExampleAddress, Func<DoubleSettings, DeviceDouble> Make)
{
    /// <summary>One to look at, wired to nothing.</summary>
    public DeviceDouble Example(TimeProvider time) => Make(new DoubleSettings(Name, Seed: 1, ExampleAddress, Pace: null, time));
}
