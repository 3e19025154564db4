namespace EdgeHub.Wire;

/// <summary>A bundle that cannot be used, with its fault's name, the place and what to do.</summary>
public sealed class BundleException(BundleFault fault, string message) : Exception($"{fault}: {message}")
{
    public BundleFault Fault => fault;
}
