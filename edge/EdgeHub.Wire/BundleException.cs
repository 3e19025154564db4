namespace EdgeHub.Wire;

#pragma warning disable CA1032 // Without a fault there is nothing to tell: no other constructor makes sense.
/// <summary>A bundle that cannot be used, with its fault's name, the place and what to do.</summary>
public sealed class BundleException(BundleFault fault, string message) : Exception($"{fault}: {message}")
{
    public BundleFault Fault => fault;
}
